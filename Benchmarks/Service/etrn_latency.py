"""Measures how long `ringback serve` takes from ETRN to the reverse connection, and what a full queue costs.

usage: etrn_latency.py RINGBACK [FOLDER]

Domains hold 1, 1,000 or 10,000 messages, and there are 20,000 or 1,000,000 in all; each domain is asked for once. The
messages are written into the store while the service does not run. The domains' host takes the connection and never
greets, so that nothing else happens. What a connection to it takes without the service is measured beside: that is the
machine's. Everything is on loopback, in FOLDER or a temporary folder. Prints a table.
"""

import fcntl, os, shutil, socket, sqlite3, statistics, subprocess, sys, tempfile, threading, time

if not 2 <= len(sys.argv) <= 3 or not os.access(sys.argv[1], os.X_OK):
    sys.exit(__doc__)
ringback = os.path.abspath(sys.argv[1])
folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="etrn-bench-")

# Else the host below may wait five milliseconds for its turn in this process, or twenty for its table of open files to
# grow.
sys.setswitchinterval(0.0001)
os.close(fcntl.fcntl(0, fcntl.F_DUPFD, 1023))

# For the domain, and how many such domains there are.
queues = {20_000: {1: 150, 100: 150, 1_000: 4}, 1_000_000: {1: 150, 1_000: 150, 10_000: 84}}
envelope = "MAIL FROM:<anna@hq.example> SIZE=4096\nRCPT TO:<office@{}>"
content = b"Subject: x\r\n\r\n" + (b"x" * 76 + b"\r\n") * 52


class Host:
    """The host of all domains: notes when a connection comes, and says nothing."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=500)
        self.port, self.came, self.connections = self.socket.getsockname()[1], threading.Event(), []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.socket.accept()
            self.at = time.perf_counter()
            self.connections.append(connection)
            self.came.set()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(config, port):
    begun = time.monotonic()
    process = subprocess.Popen([ringback, "serve", "--config", config])
    while time.monotonic() < begun + 120:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, time.monotonic() - begun
        except OSError:
            time.sleep(0.01)
    sys.exit("the service does not begin")


def stop(process):
    process.terminate()
    process.wait()


def fill(store, domains):
    """Writes the messages of each domain, those of all domains mixed."""
    database = sqlite3.connect(os.path.join(store, "queue.db"))
    now = time.time_ns()
    left = [[domain, count] for domain, count in domains]
    number = 0
    while left:
        for entry in left:
            number += 1
            text = envelope.format(entry[0])
            database.execute(
                "INSERT INTO message (id, domain, size, arrival, notBefore, priority, wasDelayed, attempts, "
                "possiblyDelivered, division, envelope) VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?)",
                (number, entry[0], len(content), now, now, text))
            database.execute("INSERT INTO content (id, octets) VALUES (?, ?)", (number, content))
            entry[1] -= 1
        left = [entry for entry in left if entry[1]]
    database.commit()
    database.close()


def resident(process):
    with open(f"/proc/{process.pid}/status") as file:
        return next(int(line.split()[1]) / 1_000 for line in file if line.startswith("VmRSS"))


def bare_connections(host):
    samples = []
    for _ in range(150):
        host.came.clear()
        begun = time.perf_counter()
        with socket.create_connection(("127.0.0.1", host.port)):
            host.came.wait(10)
        samples.append((host.at - begun) * 1_000)
    return samples


def show(what, samples):
    samples.sort()
    print(
        f"{what}: median {statistics.median(samples):.2f} ms, 99th percentile "
        f"{samples[int(len(samples) * 0.99)]:.2f} ms, slowest {samples[-1]:.2f} ms", flush=True)


def measure(total, counts):
    host, port = Host(), free_port()
    home = os.path.join(folder, str(total))
    os.makedirs(home)
    domains = [(f"d{index}-{count}.example", count) for count, domains in counts.items() for index in range(domains)]
    rest = total - sum(count for _, count in domains)
    others = [("other.example", rest)] if rest else []
    config = os.path.join(home, "ringback.yaml")
    with open(config, "w") as file:
        file.write(f"""host-name: mail.isp.example
postmaster: admin@hq.example
store: spool
listen: [{{smtp: "127.0.0.1:{port}"}}]
queue: {{flush-interval: 0s}}
limits: {{connections-per-address: 1000}}
log: {{level: error}}
domains:
""")
        # An account for each: domains of one owner share a line and take turns.
        for index, (domain, _) in enumerate(domains + others):
            account = f"a{index}"
            file.write(f"  {domain}: {{host: \"127.0.0.1:{host.port}\", account: {account}}}\n")
    process, _ = serve(config, port)
    stop(process)
    fill(os.path.join(home, "spool"), domains + others)
    process, ready = serve(config, port)
    memory = resident(process)
    times = {count: [] for count in counts}
    with socket.create_connection(("127.0.0.1", port)) as connection, connection.makefile("rb") as replies:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def say(line):
            connection.sendall(line)
            while (reply := replies.readline())[3:4] == b"-":
                pass
            return reply

        replies.readline()
        say(b"EHLO branch.example\r\n")
        for domain, count in domains:
            host.came.clear()
            begun = time.perf_counter()
            reply = say(f"ETRN {domain}\r\n".encode())
            if not reply.startswith(b"253") or not host.came.wait(10):
                sys.exit(f"{domain}: {reply}")
            times[count].append((host.at - begun) * 1_000)
    for count, samples in times.items():
        show(f"{total:9,} held, {count:6,} for the domain, {len(samples):3} domains", samples)
    show("without the service", bare_connections(host))
    print(f"{total:9,} held: ready after {ready:.1f} s, {memory:.0f} MB resident", flush=True)
    stop(process)
    shutil.rmtree(home)


for total, counts in queues.items():
    measure(total, counts)
