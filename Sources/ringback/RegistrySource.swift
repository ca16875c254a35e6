import ArgumentParser
import Foundation
import Registry
import Scenario
import Simulation

/// Where a hive comes from.
enum RegistrySource {
    /// A `.reg` file.
    case hive(String)
    /// The registry of a scenario's server.
    case scenario(String)

    /// What can be read, and where it can be changed.
    struct Opened {
        /// The hive.
        let hive: RegistryHive
        /// The file it stands in; nil when it stands in a scenario.
        let file: HiveFile?
    }

    init(hive: String?, scenario: String?) throws(ValidationError) {
        switch (hive, scenario) {
        case (let hive?, nil) where !hive.isEmpty: self = .hive(hive)
        case (nil, let scenario?) where !scenario.isEmpty: self = .scenario(scenario)
        default: throw ValidationError("Name the hive: --hive FILE, or --scenario FILE")
        }
    }

    /// The file that was named.
    var path: String {
        switch self {
        case .hive(let path), .scenario(let path): path
        }
    }

    /// Reads the hive.
    func opened() throws(RegistryRefusal) -> Opened {
        switch self {
        case .hive(let path):
            let file = HiveFile(path: path, octets: try HiveFile.octets(of: path))
            return Opened(hive: try file.contents().hive, file: file)
        case .scenario(let path):
            let scenario = try RegistrySource.loaded(path)
            let hive = scenario.plan.server.registry
            guard let name = scenario.registryFile else {
                return Opened(hive: hive, file: nil)
            }
            return Opened(hive: hive, file: HiveFile(path: name, octets: try HiveFile.octets(of: name)))
        }
    }

    /// The file that a change goes into; it need not be there yet.
    func changeable() throws(RegistryRefusal) -> HiveFile {
        switch self {
        case .hive(let path):
            return HiveFile(path: path, octets: HiveFile.exists(path) ? try HiveFile.octets(of: path) : nil)
        case .scenario(let path):
            guard let file = try opened().file else {
                throw .refused(
                    "\(path): the registry stands in the scenario itself: it can be queried and exported only, unless "
                        + "server.registry names a .reg file")
            }
            return file
        }
    }

    private static func loaded(_ path: String) throws(RegistryRefusal) -> Scenario {
        do throws(ScenarioError) {
            return try Scenario(loading: path)
        } catch {
            throw RegistryRefusal(verdict: .refused, text: "\(error)")
        }
    }
}
