import OfficialAccountServer
import Yams

@main
struct Main {
    static func main() async {}
}
