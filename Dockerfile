# docker build -t deltascope . && docker run --read-only --tmpfs /tmp -p 8501:8501 deltascope
#
# The base is named by its exact version, not by its digest: no registry could be asked for one
# where this was written. To pin it, put behind the name what this prints, as in NAME@sha256:...
#   docker buildx imagetools inspect python:3.13.13-slim-trixie --format '{{.Manifest.Digest}}'
FROM python:3.13.13-slim-trixie

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --no-compile --require-hashes --requirement requirements.lock \
  && python -m compileall -q /usr/local/lib/python3.13/site-packages

COPY . .
# All of it belongs to root; who runs the app can write nothing but /tmp.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin learner
USER 10001

# The matrices are small: a second BLAS thread would only wait for the first. Nothing is kept at
# home, for the disk is read-only.
ENV OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["python", "-c", \
  "import urllib.request as u; u.urlopen('http://localhost:8501/_stcore/health', timeout=8)"]
CMD ["streamlit", "run", "app.py", "--server.port=8501", "--server.address=0.0.0.0"]
