"""A field looks up its own value alone, where Streamlit 1.67 collects the values of all fields.

Each number field, menu and slider asks `SafeSessionState.filtered_state` whether its own value is
None. That is a new dictionary of all values each time, so the time of a page grows with the square
of its fields. `look_up_single_values` gives them a mapping that reads only what it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from streamlit.runtime.state import SafeSessionState
from streamlit.runtime.state.common import is_element_id
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

ASKED = "filtered_state"  # the property of all values that a field asks for
HIDDEN = STREAMLIT_INTERNAL_KEY_PREFIX  # how the keys begin that Streamlit keeps for itself


def look_up_single_values() -> None:
    """Let each field of a page look up its own value alone."""
    setattr(SafeSessionState, ASKED, property(SingleValues))


class SingleValues(Mapping[str, Any]):
    """The values of a session by their keys, equal to `SessionState.filtered_state`.

    To look at them does not end the run of a page for a newer message, as in Streamlit.
    """

    def __init__(self, state: SafeSessionState) -> None:
        self.state = state

    def collected(self) -> dict[str, Any]:
        """Return all values in a dictionary."""
        with self.state._lock:
            return self.state._state.filtered_state

    def __getitem__(self, key: str) -> Any:
        """Return the value of a key.

        Raises KeyError if there is none, or if the key is no name that the app has given.
        """
        if is_element_id(key) or key.startswith(HIDDEN):
            raise KeyError(key)
        with self.state._lock:
            own = self.state._state
            try:
                return own[key]
            except KeyError:
                if key not in own._key_id_mapper.id_key_mapping.values():
                    raise
                return own.filtered_state[key]  # of a field that stood there before

    def __iter__(self) -> Iterator[str]:
        return iter(self.collected())

    def __len__(self) -> int:
        return len(self.collected())

    def __repr__(self) -> str:
        return repr(self.collected())
