"""A mail server on aiosmtpd that keeps each mail as a file, refuses or puts off by the address."""

import asyncio
import json
import pathlib
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, folder, mode, certificate, key = sys.argv[1:6]
folder = pathlib.Path(folder)


class Keep:
    count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refuse"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("later"):
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        Keep.count += 1
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or mode == "tls",
            "login": session.auth_data,
            "mail": envelope.content.decode(),
        }
        unfinished = folder / "unfinished"
        unfinished.write_text(json.dumps(mail))
        unfinished.rename(folder / f"{Keep.count}.json")
        return "250 2.0.0 kept"


def authenticate(server, session, envelope, mechanism, data):
    name, password = data.login.decode(), data.password.decode()
    right = (name, password) == ("watch", "pass word")
    # Not handled: the server answers 535 by itself.
    return AuthResult(success=right, handled=right, auth_data=name if right else None)


context = None
if mode != "plain":
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
options = {"authenticator": authenticate, "auth_require_tls": mode == "starttls"}
if mode == "starttls":
    options |= {"tls_context": context, "require_starttls": True}
if mode == "tls":
    options |= {"ssl_context": context}
controller = Controller(Keep(), hostname="127.0.0.1", port=int(port), **options)
controller.start()
print("listening", flush=True)
asyncio.new_event_loop().run_forever()
