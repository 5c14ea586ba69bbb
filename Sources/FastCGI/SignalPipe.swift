enum SignalPipe {
    static func dispatch() {}
}
