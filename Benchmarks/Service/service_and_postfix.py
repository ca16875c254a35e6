"""Measures `ringback serve` beside Postfix: the same machine, the same disk, the same clients, one after the other.

usage: service_and_postfix.py RINGBACK [FOLDER]

Both take 4 KiB messages for a domain whose host is Postfix's smtp-sink, hold them until they are asked, and are asked
by ETRN. Everything is on loopback, in FOLDER or a temporary folder. Needs root, for Postfix, which is installed on
Debian if it is missing. Prints a table.
"""

import os, pwd, re, shutil, socket, subprocess, sys, tempfile, threading, time

if not 2 <= len(sys.argv) <= 3 or not os.access(sys.argv[1], os.X_OK):
    sys.exit(__doc__)
ringback = os.path.abspath(sys.argv[1])
folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="service-bench-")
os.chmod(folder, 0o755)
if not shutil.which("smtp-source"):
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(["apt-get", "install", "-qq", "--no-install-recommends", "postfix"], check=True, env=environment)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port):
    for _ in range(500):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
    sys.exit(f"nobody listens at port {port}")


class Ringback:
    name = "ringback"

    def __init__(self, sink):
        self.port, self.folder = free_port(), os.path.join(folder, "ringback")
        os.makedirs(self.folder)
        config = os.path.join(self.folder, "ringback.yaml")
        with open(config, "w") as file:
            file.write(f"""host-name: mail.isp.example
postmaster: admin@branch.example
store: spool
listen: [{{smtp: "127.0.0.1:{self.port}"}}]
domains: {{branch.example: {{host: "127.0.0.1:{sink}"}}}}
queue: {{flush-interval: 0s}}
limits: {{connections-per-address: 1000}}
log: {{level: error}}
""")
        self.process = subprocess.Popen([ringback, "serve", "--config", config])
        wait_for(self.port)

    def settle(self):
        pass

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder)


class Postfix:
    name = "postfix"

    def __init__(self, sink):
        self.port, self.folder = free_port(), os.path.join(folder, "postfix")
        config, spool, data = (os.path.join(self.folder, part) for part in ("etc", "spool", "data"))
        for part in (config, spool, data):
            os.makedirs(part)
        owner = pwd.getpwnam("postfix")
        os.chown(data, owner.pw_uid, owner.pw_gid)
        with open(os.path.join(config, "main.cf"), "w") as file:
            file.write(f"""compatibility_level = 3.6
queue_directory = {spool}
data_directory = {data}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.isp.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
relay_domains = branch.example
relay_transport = relay:[127.0.0.1]:{sink}
fast_flush_domains = branch.example
defer_transports = relay
default_process_limit = 200
smtpd_client_connection_count_limit = 0
maillog_file = {self.folder}/log
maillog_file_prefixes = {self.folder}
""")
        master = open("/usr/share/postfix/master.cf.dist").read().replace(
            "smtp      inet  n       -       y       -       -       smtpd",
            f"127.0.0.1:{self.port} inet n - n - - smtpd")
        master = "\n".join(
            line.replace(" y       -", " n       -") if not line.startswith("#") else line
            for line in master.splitlines()) + "\npostlog   unix-dgram n  -       n       -       1       postlogd\n"
        with open(os.path.join(config, "master.cf"), "w") as file:
            file.write(master)
        self.config = config
        subprocess.run(["postfix", "-c", config, "start"], check=True, stderr=subprocess.DEVNULL)
        wait_for(self.port)

    def settle(self):
        """Waits until all mail is deferred: what is not yet would go by itself when mail may go again."""
        while any(files for queue in ("maildrop", "incoming", "active")
                  for _, _, files in os.walk(os.path.join(self.folder, "spool", queue))):
            time.sleep(0.1)
        subprocess.run(["postconf", "-c", self.config, "defer_transports="], check=True)
        subprocess.run(["postfix", "-c", self.config, "reload"], check=True, stderr=subprocess.DEVNULL)
        time.sleep(1)

    def stop(self):
        subprocess.run(["postfix", "-c", self.config, "stop"], stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder)


def accept(host, sessions, messages):
    begun = time.monotonic()
    subprocess.run(
        ["smtp-source", "-s", str(sessions), "-m", str(messages), "-l", "4096", "-f", "anna@hq.example", "-t",
         "office@branch.example", f"127.0.0.1:{host.port}"], check=True)
    return messages / (time.monotonic() - begun)


class Sink:
    """The branch's host: Postfix's smtp-sink, which says how many messages have come."""

    def __init__(self):
        self.port, self.messages = free_port(), 0
        self.process = subprocess.Popen(
            ["smtp-sink", "-c", "-u", "nobody", "-h", "branch.example", f"127.0.0.1:{self.port}", "1000"],
            stdout=subprocess.PIPE)
        wait_for(self.port)
        threading.Thread(target=self.count, daemon=True).start()

    def count(self):
        said = b""
        while octets := os.read(self.process.stdout.fileno(), 65536):
            *lines, said = (said + octets).split(b"\r")
            if lines and (messages := re.search(rb"mesg=(\d+)", lines[-1])):
                self.messages = int(messages[1])

    def stop(self):
        self.process.terminate()
        self.process.wait()


def ask(host):
    with socket.create_connection(("127.0.0.1", host.port)) as connection, connection.makefile("rb") as replies:
        def say(line):
            connection.sendall(line)
            while replies.readline()[3:4] == b"-":
                pass
        replies.readline()
        say(b"EHLO branch.example\r\n")
        begun = time.monotonic()
        say(b"ETRN branch.example\r\n")
        return begun


def flush(host, sink, held):
    """How many messages in a second go after an ETRN."""
    before, begun = sink.messages, ask(host)
    while sink.messages < before + held:
        if time.monotonic() > begun + 300:
            sys.exit(f"{host.name} has delivered {sink.messages - before} of {held} messages in five minutes")
        time.sleep(0.001)
    return held / (time.monotonic() - begun)


held = 32000

for kind in (Ringback, Postfix):
    sink = Sink()
    host = kind(sink.port)
    for sessions, messages in ((1, 2000), (10, 10000), (50, 20000)):
        rate = accept(host, sessions, messages)
        print(f"{kind.name:9} accept, {sessions:2} sessions: {rate:8.0f} messages/s", flush=True)
    host.settle()
    print(f"{kind.name:9} flush: {flush(host, sink, held):8.0f} messages/s", flush=True)
    host.stop()
    sink.stop()
