/// Why the platform refuses a call.
struct Refused: Error {
    let errcode: Int
    let errmsg: String

    init(_ errcode: Int, _ errmsg: String) {
        self.errcode = errcode
        self.errmsg = errmsg
    }
}
