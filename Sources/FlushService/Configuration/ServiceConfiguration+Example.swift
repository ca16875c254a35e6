extension ServiceConfiguration {
    /// A configuration to begin with; it can be used as it is, once the certificate is there.
    public static let example = """
        # A mail host for sites that are not always connected. Check it with: ringback serve --check --config FILE
        host-name: mail.isp.example
        postmaster: hostmaster@branch.example   # who gets the mail for postmaster@mail.isp.example
        store: /var/lib/ringback                # the queue and the accounts

        listen:
          - {smtp: "0.0.0.0:25"}                # mail from everywhere, and ETRN
          - {submission: "0.0.0.0:587"}         # mail from who has an account
          - {odmr: "0.0.0.0:366"}               # ATRN

        # Without a certificate there is no TLS, and passwords are proved by SCRAM-SHA-256 alone.
        # tls: {certificate: chain.pem, key: key.pem}

        domains:
          branch.example: {host: "192.0.2.130:25", account: branch}   # asks by ETRN from there, or by its account
          ship.example: {account: ship}                               # asks by ATRN, whatever its address

          # office.example: {host: mx, held: retried}     # where its MX records say, whether it asks or not
          # island.example: {host: last-address, account: island, tls: always}   # from where it last said who it is
          # station.example: {account: station, queue: {lifetime: 60d}, limits: {message: 1MiB, held: 100MiB}}

        # relay: {smarthost: "198.51.100.25:25", networks: [192.0.2.0/24]}

        queue: {retry: [15m, 30m, 1h, 4h], lifetime: 5d, warning: 4h}
        limits: {message: 50MiB, connections: 1000, connections-per-address: 50}

        """
}
