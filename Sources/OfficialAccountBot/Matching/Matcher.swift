public import OfficialAccount

/// Describes the messages a handler is for, by type and by what they hold.
///
/// Begin with one of the static members, such as ``text`` or ``subscribe``, and narrow it with ``where(_:)`` if need be.
public struct Matcher<M: TypedMessage>: Sendable {
    typealias Test = @Sendable (M, inout Context) throws -> Bool

    var selector: Selector
    var words: Set<String>?
    /// What is asked of a text before any of the tests.
    var textTest: TextTest?
    var tests: [Test] = []

    init(_ selector: Selector, words: Set<String>? = nil, textTest: TextTest? = nil) {
        self.selector = selector
        self.words = words
        self.textTest = textTest
    }

    /// The same matcher, for only those messages for which a condition holds.
    /// - Parameter condition: Looks at a message; where it returns `false` the next handler is tried.
    public func `where`(_ condition: @escaping @Sendable (M) -> Bool) -> Matcher {
        adding { message, _ in condition(message) }
    }

    func adding(_ test: @escaping Test) -> Matcher {
        var copy = self
        copy.tests.append(test)
        return copy
    }
}
