"""What leaves the app: models, programs, predictions and projects as files."""

from engine.export.csv_writing import (
    PLAIN,
    Form,
    Writing,
    as_csv,
    form_of,
)
from engine.export.files import (
    Part,
    model_file,
    report_html,
)
from engine.export.onnx_graph import (
    onnx_file,
)
from engine.export.program import (
    code_for,
)
from engine.export.project import (
    Project,
    open_project,
    project_file,
)
from engine.export.source_code import (
    LIBRARIES,
)
from engine.export.standalone import (
    text_form,
)

__all__ = [
    "LIBRARIES",
    "PLAIN",
    "Form",
    "Part",
    "Project",
    "Writing",
    "as_csv",
    "code_for",
    "form_of",
    "model_file",
    "onnx_file",
    "open_project",
    "project_file",
    "report_html",
    "text_form",
]
