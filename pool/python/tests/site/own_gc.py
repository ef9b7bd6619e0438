"""An application that sets the collector itself."""

import gc

from apps import application

gc.set_threshold(1234, 5, 6)

__all__ = ["application"]
