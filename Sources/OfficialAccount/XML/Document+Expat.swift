import CExpat
import Glibc

extension Document {
    /// Makes the parser's hash tables unpredictable, as Expat would by itself, but asks the system only once.
    private static let hashSalt = UInt.random(in: 1...UInt.max)

    /// Parses XML that holds only what XML can hold. The root is the last of the nodes.
    ///
    /// It makes a parser for each message, in memory that its thread keeps: resetting one that is kept was measured, and
    /// costs more.
    convenience init(parsing xml: ArraySlice<UInt8>, limits: MessageLimits) throws(MessageError) {
        guard let parser = cexpat_create() else { throw .notXML(line: 1) }
        defer { cexpat_give_back(parser) }
        XML_SetHashSalt(parser, Self.hashSalt)

        var reading = Reading(parser: parser, builder: DocumentBuilder(capacity: xml.count, limits: limits))
        let status = withUnsafeMutablePointer(to: &reading) { reading in
            XML_SetUserData(parser, reading)
            XML_SetElementHandler(parser, Reading.startElement, Reading.endElement)
            XML_SetCharacterDataHandler(parser, Reading.characters)
            XML_SetStartDoctypeDeclHandler(parser, Reading.documentType)
            return xml.withUnsafeBytes { bytes in
                XML_Parse(parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(bytes.count), 1)
            }
        }
        if let failure = reading.builder.failure { throw failure }
        guard status == XML_STATUS_OK else { throw .notXML(line: Int(XML_GetCurrentLineNumber(parser))) }
        self.init(buffer: reading.builder.buffer, nodes: reading.builder.nodes)
    }
}

/// What Expat's handlers work on: they get a pointer to it with each call.
private struct Reading {
    let parser: XML_Parser
    var builder: DocumentBuilder

    /// Passes one of the parser's calls on, and stops the parser once the builder has given up. Expat may still make a
    /// call or two after that.
    static func pass(_ context: UnsafeMutableRawPointer?, to step: (inout DocumentBuilder) -> Void) {
        guard let reading = context?.assumingMemoryBound(to: Reading.self), reading.pointee.builder.failure == nil
        else { return }
        step(&reading.pointee.builder)
        if reading.pointee.builder.failure != nil { XML_StopParser(reading.pointee.parser, XML_Bool(XML_FALSE)) }
    }

    static let startElement: XML_StartElementHandler = { context, name, _ in
        guard let name else { return }
        pass(context) { $0.startElement(UnsafeRawBufferPointer(start: name, count: strlen(name))) }
    }

    static let endElement: XML_EndElementHandler = { context, _ in
        pass(context) { $0.endElement() }
    }

    static let characters: XML_CharacterDataHandler = { context, text, count in
        pass(context) { $0.characters(UnsafeRawBufferPointer(start: text, count: Int(count))) }
    }

    static let documentType: XML_StartDoctypeDeclHandler = { context, _, _, _, _ in
        pass(context) { $0.failure = .documentType }
    }
}
