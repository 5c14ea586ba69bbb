/**
 * Why a delivery fails, so that the platform tries again and, after the last time, shows the fault notice; and what is not
 * as it should be in an answer that it takes all the same.
 */

/** What the platform shows where the account gave it nothing that it can show. */
export const FAULT_NOTICE = "该公众号提供的服务出现故障，请稍后再试";

const reasons = {
    timeout: ({ seconds }) =>
        `no answer within ${seconds} s: answer at once, and send what takes longer by the customer-service interface`,
    stalled: ({ bytes }) =>
        `the answer stopped after ${bytes} bytes: send all of it, with a Content-Length that fits`,
    unreachable: () => "no answer: nothing accepts connections there, or the connection failed",
    cutShort: () => "the connection ended before the answer was whole: look into the server's error log",
    tooLarge: ({ limit }) => `the answer has more than ${limit} bytes`,
    redirect: () =>
        "the answer is a redirect, which the platform does not follow: register the address it leads to",
    status: ({ status }) => `the answer's status is ${status} and has to be 200`,
    byteOrderMark: () => "a byte order mark stands before the answer: save the program's files without one",
    spaceBeforeDeclaration: () => "white space stands before the XML declaration: the answer has to begin with it",
    json: () => "the answer is JSON: answer with XML, with 'success', or with nothing",
    html: () => "the answer is a page: answer with XML, with 'success', or with nothing",
    notUTF8: () => "the answer is not UTF-8",
    controlCharacters: () => "the answer holds control characters, which XML cannot: leave them out",
    notXML: () => "the answer is no <xml> envelope: answer with one, with 'success', or with nothing",
    notEncrypted: () => "the account is in secure mode, and the answer is not encrypted",
    unexpectedlyEncrypted: () => "the account is in plain mode, and the answer is encrypted",
    wrongSignature: () =>
        "MsgSignature does not hold: it is made of Token, TimeStamp, Nonce and Encrypt as they stand in the answer",
    paddingNot32: () => "the encrypted text is padded to 16 bytes: pad to a multiple of 32",
    undecryptable: () => "Encrypt does not open with the account's EncodingAESKey",
    wrongAppID: () => "the encrypted answer does not end with the account's AppID",
    missing: ({ element }) => `${element} is missing or empty`,
    notSeconds: ({ element }) => `${element} is not in seconds since 1970`,
    namesNotSwapped: () => "ToUserName and FromUserName have to be swapped in the reply",
    wrongReceiver: () => "ToUserName is not the OpenID of the user who wrote",
    wrongSender: () => "FromUserName is not the account that the user wrote to",
    unknownType: () => "MsgType has to be text, image, voice, video, music, news or transfer_customer_service",
    textTooLong: ({ bytes }) => `the text has ${bytes} bytes of UTF-8; 2,048 is the most`,
    invalidMediaID: ({ element }) => `${element} holds white space or control characters`,
};

/** Why a delivery failed: its message says what is wrong and what to do about it. */
export class DeliveryFault extends Error {
    /**
     * @param {keyof typeof reasons} code
     * @param {object} [detail]
     */
    constructor(code, detail = {}) {
        super(reasons[code](detail));
        this.code = code;
        this.detail = detail;
    }
}

/** What is not as it should be in an answer that the platform takes. */
export const warnings = {
    articlesCut: (found, shown) => `${shown} of ${found} articles are shown`,
    articleCount: (declared, found) => `ArticleCount is ${declared}, and there are ${found} articles`,
    contentType: (type) =>
        type ? `Content-Type is ${type}, and should be text/xml` : "there is no Content-Type; it should be text/xml",
    literalNewline: () => "the text holds a backslash and an n where a new line may have been meant",
    createTimeOff: () => "CreateTime is more than a day off the clock",
};
