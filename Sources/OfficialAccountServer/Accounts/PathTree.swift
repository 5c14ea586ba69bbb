/// The paths of all accounts as a tree of their elements, in which the longest that fits is found in one walk.
struct PathTree: Sendable {
    /// What a path led to.
    struct Match: Equatable {
        /// The number under which the path was added.
        var account: Int
        /// The element that stands where the pattern has `{token}`.
        var token: ArraySlice<UInt8>?
    }

    private struct Node: Sendable {
        var literals: [ArraySlice<UInt8>: Int] = [:]
        var token: Int?
        var account: Int?
    }

    private var nodes = [Node()]

    /// Adds a path.
    /// - Returns: The number under which the same path was added before; then nothing is added.
    mutating func insert(_ pattern: PathPattern, account: Int) -> Int? {
        var place = 0
        for element in pattern.elements { place = child(of: place, element) }
        if let earlier = nodes[place].account { return earlier }
        nodes[place].account = account
        return nil
    }

    /// The account of a path: the one with the most elements in common; of two with equally many, the one that is
    /// literal where the other has `{token}`.
    ///
    /// An element is taken for a Token only where it could be one: 3 to 32 letters or digits. A path with an empty
    /// element, `.` or `..` has no account.
    /// - Parameter path: The request's path, decoded.
    func match(_ path: ArraySlice<UInt8>) -> Match? {
        let elements = PathElements(path)
        guard path.first == UInt8(ascii: "/"), !elements.contains(where: PathElements.isAmbiguous) else { return nil }
        return deepest(below: 0, elements, depth: 0, token: nil)?.match
    }

    private mutating func child(of place: Int, _ element: PathPattern.Element) -> Int {
        let known: Int? =
            switch element {
            case .literal(let name): nodes[place].literals[name]
            case .token: nodes[place].token
            }
        if let known { return known }
        nodes.append(Node())
        switch element {
        case .literal(let name): nodes[place].literals[name] = nodes.count - 1
        case .token: nodes[place].token = nodes.count - 1
        }
        return nodes.count - 1
    }

    /// A pattern has `{token}` at most once, so that a walk branches once at most on its way to any of them.
    private func deepest(
        below place: Int, _ elements: PathElements, depth: Int, token: ArraySlice<UInt8>?
    ) -> (match: Match, depth: Int)? {
        var found = nodes[place].account.map { (match: Match(account: $0, token: token), depth: depth) }
        var rest = elements
        guard let element = rest.next() else { return found }
        if let next = nodes[place].literals[element] {
            found = deepest(below: next, rest, depth: depth + 1, token: token) ?? found
        }
        if let next = nodes[place].token, Self.couldBeToken(element),
            let other = deepest(below: next, rest, depth: depth + 1, token: element),
            other.depth > found?.depth ?? -1
        {
            found = other
        }
        return found
    }

    /// What the platform accepts as a Token: 3 to 32 letters or digits.
    private static func couldBeToken(_ element: ArraySlice<UInt8>) -> Bool {
        (3...32).contains(element.count)
            && element.allSatisfy {
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
            }
    }
}
