/// Holds tasks until a test lets them go, and tells it how many wait.
package actor Gate {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var isOpen = false
    /// How many have come to the gate.
    package private(set) var arrivals = 0

    package init() {}

    package func pass() async {
        arrivals += 1
        if isOpen { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    package func open() {
        isOpen = true
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Waits until so many have come.
    package func hasArrivals(_ count: Int) async -> Bool { await eventually { await self.arrivals >= count } }
}
