"""What Bellhop's services share. The database is the truth, the socket is the doorbell, Redis is disposable."""
