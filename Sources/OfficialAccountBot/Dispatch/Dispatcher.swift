import OfficialAccount

/// Finds the handlers a message may be for, in their order, without asking each of them.
///
/// Every type and event that a handler names has a table of its own, so that a bot with a thousand keywords looks a
/// text up instead of comparing it a thousand times.
struct Dispatcher: Sendable {
    private var messages: [MessageType: Table] = [:]
    private var events: [EventType: Table] = [:]
    private var otherMessages = Table()
    private var otherEvents = Table()

    init(_ routes: [Route]) {
        for route in routes {
            switch route.selector {
            case .message(let type): messages[type] = Table()
            case .event(let type): events[type] = Table()
            case .any, .anyMessage, .anyEvent: break
            }
        }
        for (order, route) in routes.enumerated() {
            let selector = route.selector
            for type in messages.keys where [.any, .anyMessage, .message(type)].contains(selector) {
                messages[type]?.add(route, order: order)
            }
            for type in events.keys where [.any, .anyEvent, .event(type)].contains(selector) {
                events[type]?.add(route, order: order)
            }
            if [.any, .anyMessage].contains(selector) { otherMessages.add(route, order: order) }
            if [.any, .anyEvent].contains(selector) { otherEvents.add(route, order: order) }
        }
    }

    func candidates(for message: Message) -> Candidates {
        if let event = message.event {
            return (events[event] ?? otherEvents).candidates(for: { nil })
        }
        let table = messages[message.type] ?? otherMessages
        return table.candidates(for: { message.type == .text ? message.fields["Content"]?.utf8 : nil })
    }
}
