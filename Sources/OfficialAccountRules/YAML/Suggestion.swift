/// What someone may have meant by a word that is not known.
package enum Suggestion {
    /// The known word nearest to an unknown one, where it is near enough to be what was meant.
    /// - Parameters:
    ///   - word: The unknown word.
    ///   - known: The words that are known.
    package static func nearest(to word: String, among known: [String]) -> String? {
        let folded = Array(word.lowercased().prefix(64).map { $0 == "-" ? "_" : $0 })
        let near = known.map { (word: $0, distance: distance(folded, Array($0))) }.min { $0.distance < $1.distance }
        guard let near, near.distance <= max(1, near.word.count / 3) else { return nil }
        return near.word
    }

    /// The number of characters to insert, leave out, replace or swap with a neighbour to make one word of the other.
    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                var best = min(
                    last[column] + (left[row] == right[column] ? 0 : 1), last[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
