/** What the platform makes of the answer when its owner sets the URL: it has to be the bytes of `echostr`, nothing else. */

import { shownText } from "./bytes.js";

/**
 * Why the platform does not take a URL.
 * @param {import("./answer-reader.js").CallbackAnswer} answer
 * @param {string} echostr
 * @returns {string | null} `null` where it takes it.
 */
export function verificationFault(answer, echostr) {
    const { status } = answer;
    if (status === 401 || status === 403) {
        return `the answer's status is ${status}: is the Token the one on the platform's settings page?`;
    }
    if (status !== 200) return `the answer's status is ${status} and has to be 200`;
    const text = shownText(answer.body);
    if (text === echostr) return null;
    if (text === "") return "the answer is empty: answer with the bytes of echostr";
    if (text.startsWith("\ufeff")) {
        return "a byte order mark stands before echostr: save the program's files without one";
    }
    const bare = text.trim();
    if (bare === echostr) return "white space stands around echostr: answer with its bytes and nothing else";
    if (bare === `"${echostr}"` || bare === `'${echostr}'`) {
        return "echostr stands in quotes: answer with its bytes, not with JSON";
    }
    if (bare.startsWith("<")) return "the answer is a page: answer with the bytes of echostr";
    if (text.includes(echostr)) {
        const extra = answer.body.length - echostr.length;
        return `${extra} bytes stand around echostr: answer with its bytes and nothing else`;
    }
    return "the answer is not echostr: answer with its bytes and nothing else";
}
