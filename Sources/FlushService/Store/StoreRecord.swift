import GRDB

/// What a store keeps besides messages. A crash may lose the last ones: nobody was promised them.
enum StoreRecord: Hashable, Sendable {
    /// What a flush came to.
    case flush(FlushRecord)
    /// Where an account was last proved.
    case address(String, account: String)

    func write(to database: Database) throws {
        switch self {
        case .flush(let flush): try FlushTable.insert(flush, in: database)
        case .address(let address, let account):
            try database.cachedStatement(sql: "INSERT OR REPLACE INTO address (account, address) VALUES (?, ?)")
                .execute(arguments: [account, address])
        }
    }
}
