"""An emulator of DynamoDB that knows transactions. One request at a time: as moto_server is shipped, a put checks its condition in one
thread while another writes, and both succeed."""

import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple

run_simple(sys.argv[1], int(sys.argv[2]), DomainDispatcherApplication(create_backend_app), threaded=False)
