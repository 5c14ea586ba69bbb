internal import Glibc

/// The system's random numbers for one reply. An encrypted one takes three, and to ask for each is a system call, so
/// that four are asked for at once. What is left over is never used for another reply.
struct ReplyRandomness: RandomNumberGenerator {
    private var numbers = SIMD4<UInt64>()
    private var left = 0

    mutating func next() -> UInt64 {
        if left == 0 {
            let result = withUnsafeMutableBytes(of: &numbers) { getentropy($0.baseAddress, $0.count) }
            guard result == 0 else {
                // The standard library's has other ways, and ends the process where there is none.
                var system = SystemRandomNumberGenerator()
                return system.next()
            }
            left = numbers.scalarCount
        }
        left -= 1
        return numbers[left]
    }
}
