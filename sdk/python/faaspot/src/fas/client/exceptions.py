"""What the client raises."""

from faaspot.exceptions import FaaspotClientError, FaaspotException, IllegalExecutionParametersError

__all__ = ["FaaspotClientError", "FaaspotException", "IllegalExecutionParametersError"]
