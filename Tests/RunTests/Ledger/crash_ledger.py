"""Loads `ringback serve` with mail, kills it at random instants, and holds what comes out against what was promised.

usage: crash_ledger.py RINGBACK FOLDER SEED KILLS SESSIONS

Every message that got its 250 must be delivered, octet for octet. What was delivered twice is counted: a copy more is
right only for a message whose delivery a kill cut off, or whose record of it was on its way to the disk. Prints one line
of figures; complains and ends with 1 otherwise.
"""

import hashlib, os, random, re, signal, smtplib, socket, subprocess, sys, threading, time

ringback, folder, seed, kills, sessions = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
luck = random.Random(seed)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


smtp_port, sink_port = free_port(), free_port()
config = os.path.join(folder, "ringback.yaml")
with open(config, "w") as file:
    file.write(f"""host-name: mail.isp.example
postmaster: admin@branch.example
store: spool
listen: [{{smtp: "127.0.0.1:{smtp_port}"}}]
domains: {{branch.example: {{host: "127.0.0.1:{sink_port}"}}}}
queue: {{flush-interval: 0s}}
log: {{level: error}}
""")


class Sink:
    """The branch's host: takes every message and keeps a digest of it. Speaks as little SMTP as it can."""

    def __init__(self):
        self.copies = {}
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", sink_port))
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection, connection.makefile("rb") as lines:
                connection.sendall(b"220 branch.example\r\n")
                for line in lines:
                    if line.upper().startswith(b"DATA"):
                        connection.sendall(b"354 go on\r\n")
                        self.take(lines)
                        connection.sendall(b"250 taken\r\n")
                    elif line.upper().startswith(b"QUIT"):
                        return connection.sendall(b"221 bye\r\n")
                    else:
                        connection.sendall(b"250 branch.example\r\n")
        except OSError:
            pass

    def take(self, lines):
        content = []
        for line in lines:
            if line == b".\r\n":
                break
            content.append(line[1:] if line.startswith(b".") else line)
        else:
            raise OSError("the connection broke")
        text = b"".join(content)
        # Below the trace fields that the service puts on top.
        name = re.search(rb"^Subject: (\S+)\r\n", text, re.M)
        body = text[name.start():]
        with self.lock:
            self.copies.setdefault(name.group(1).decode(), []).append(hashlib.sha256(body).hexdigest())


class Load:
    """Sessions that send until they are told to stop, and write down what got its 250."""

    def __init__(self):
        self.promised, self.sent, self.lock, self.ends = {}, 0, threading.Lock(), False
        self.threads = [threading.Thread(target=self.run, args=(number,)) for number in range(sessions)]
        for thread in self.threads:
            thread.start()

    def run(self, number):
        own = random.Random(f"{seed}.{number}")
        while not self.ends:
            try:
                with smtplib.SMTP("127.0.0.1", smtp_port, local_hostname="load.example", timeout=30) as session:
                    while not self.ends:
                        self.send(session, own, number)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.02)

    def send(self, session, own, number):
        with self.lock:
            self.sent += 1
            name = f"{number}.{self.sent}"
        size = 4096 if own.random() < 0.9 else own.randrange(4096, 5 << 20)
        line = own.randbytes(30).hex().encode()
        body = b"Subject: " + name.encode() + b"\r\n\r\n" + (line + b"\r\n") * (size // 62)
        session.sendmail("load@load.example", ["office@branch.example"], body)
        with self.lock:
            self.promised[name] = hashlib.sha256(body).hexdigest()

    def stop(self):
        self.ends = True
        for thread in self.threads:
            thread.join()


def start():
    service = subprocess.Popen([ringback, "serve", "--config", config], stdout=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", smtp_port), timeout=5).close()
            return service
        except OSError:
            if service.poll() is not None:
                sys.exit(f"the service ended with {service.returncode}")
            time.sleep(0.01)


def ask():
    """Asks for the mail. Whether anything is left or under way: a poll until 251 means what it says."""
    with smtplib.SMTP("127.0.0.1", smtp_port, local_hostname="branch.example", timeout=30) as session:
        session.ehlo()
        return session.docmd("ETRN branch.example")[0] != 251


service, sink, load = start(), Sink(), Load()
for kill in range(kills):
    time.sleep(luck.uniform(0.05, 0.6))
    if kill % 3 == 0:
        try:
            ask()
        except (OSError, smtplib.SMTPException):
            pass
        time.sleep(luck.uniform(0, 0.1))
    service.send_signal(signal.SIGKILL)
    service.wait()
    service = start()
load.stop()
end = time.monotonic() + 120
while ask():
    if time.monotonic() > end:
        sys.exit("the queue is not empty after two minutes")
    time.sleep(0.05)
service.terminate()
if service.wait(timeout=60) != 0:
    sys.exit(f"the service ended with {service.returncode}")

lost = [name for name in load.promised if name not in sink.copies]
changed = [name for name, copies in sink.copies.items() if load.promised.get(name, copies[0]) not in copies]
again = sum(len(copies) - 1 for copies in sink.copies.values())
print(f"{len(load.promised)} promised, {len(lost)} lost, {len(changed)} changed, {again} delivered again, {kills} kills")
# So many messages may be delivered while the disk writes the record of the first of them.
if lost or changed or again > kills * 64:
    sys.exit(f"lost: {lost[:5]}, changed: {changed[:5]}, again: {again}")
