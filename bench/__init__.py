"""`./bellhop bench`: Bellhop beside the tutorial version and other servers, measured on one machine in one run."""
