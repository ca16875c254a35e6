import TestSupport
import Testing

/// `ringback serve` when everybody comes at once.
struct CrowdTests {
    @Test func `ten thousand idle clients take less than 150 MB, and one more is served`() throws {
        let most = "connections: 20000, connections-per-address: 20000"
        let said = try ServedSite(limits: most).run(
            """
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            service = serve()
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            crowd = [socket.create_connection(("127.0.0.1", port)) for _ in range(min(10000, hard - 100))]
            print(*{c.recv(100)[:3].decode() for c in crowd})
            send(1)
            print(held())
            status = open(f"/proc/{service.pid}/status").read()
            print(int(status.split("VmHWM:")[1].split()[0]) < 150000)
            for c in crowd: c.close()
            print(stop(service, signal.SIGTERM))
            """)
        #expect(said == ["220", "1", "True", "0"])
    }

    @Test func `as many clients are served as the system lets, and not only as many as a shell does`() throws {
        let said = try ServedSite(limits: "").run(
            """
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (48, hard))
            service = serve()
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            crowd = [socket.create_connection(("127.0.0.1", port), timeout=120) for _ in range(49)]
            print(*{c.recv(100)[:3].decode() for c in crowd})
            for c in crowd: c.close()
            send(1)
            print(held(), stop(service, signal.SIGTERM))
            """)
        #expect(said == ["220", "1 0"])
    }

    // It grows with a pause of milliseconds, which some reverse connection would have to wait for.
    @Test func `the table of open files has its size before anybody comes`() throws {
        let said = try ServedSite(limits: "").run(
            """
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            service = serve()
            status = open(f"/proc/{service.pid}/status").read()
            print(int(status.split("FDSize:")[1].split()[0]) >= min(hard, 16384))
            """)
        #expect(said == ["True"])
    }
}
