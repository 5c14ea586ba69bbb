/**
 * The platform's clock: it waits five seconds for an answer, delivers a message three times in all, and then shows its
 * notice. `success` and an empty answer mean that there is nothing to say.
 */

import { readAnswer } from "./answer-reader.js";
import { PlatformSeal } from "./callback-request.js";
import { deliver } from "./delivery.js";
import { DeliveryFault } from "./faults.js";
import { nextMessageID, prepared } from "./message-xml.js";
import { verificationFault } from "./verification.js";

/** How long the platform waits, in milliseconds of its own time. */
export const PATIENCE = 5000;
/** How often it delivers a message at the most. */
export const DELIVERIES = 3;

/**
 * One delivery. Times are in milliseconds of the platform's time since the exchange began.
 * @typedef {object} Delivery
 * @property {number} number From 1.
 * @property {number} start
 * @property {number} [end] Not there while it is under way.
 * @property {import("./callback-request.js").CallbackRequest} request
 * @property {import("./answer-reader.js").CallbackAnswer} [answer]
 * @property {import("./answer-reader.js").AnswerReading} [reading]
 *
 * All that was sent for one thing a user did, and what came of it.
 * @typedef {object} Exchange
 * @property {number} id
 * @property {"message" | "again" | "unsigned" | "verification"} kind
 * @property {Date} time
 * @property {string} [openID]
 * @property {string} title
 * @property {string} subject What the user did, whatever was done with it since.
 * @property {import("./message-xml.js").PreparedMessage} [message]
 * @property {import("./messages.js").Message} [content] What the message was made of.
 * @property {string} mode
 * @property {Delivery[]} deliveries
 * @property {{kind: "waiting" | "reply" | "nothing" | "fault" | "well" | "wrong", text: string}} outcome
 * @property {() => number} now The platform's time since it began.
 */

/** The platform, for one account. */
export class Platform {
    #settings;
    #changed;
    #count = 0;

    /**
     * @param {() => import("./settings.js").Settings} settings Asked for each exchange, since they may change.
     * @param {(exchange: Exchange) => void} changed Told whenever something of an exchange is new.
     */
    constructor(settings, changed) {
        this.#settings = settings;
        this.#changed = changed;
    }

    /**
     * Gives a message its sender, its ID and its time.
     * @param {import("./messages.js").Message} content
     * @param {string} openID
     */
    prepare(content, openID) {
        const receiver = this.#settings().account.originalID;
        return prepared(content, { openID, receiver, messageID: nextMessageID(), now: clock() });
    }

    /**
     * Delivers a message until there is an answer that can be used, as often as the platform does.
     * @param {import("./message-xml.js").PreparedMessage} message
     * @param {{title: string, content: import("./messages.js").Message}} what
     * @param {(delivery: Delivery) => void} [begun] Told of each delivery as it begins.
     * @returns {Promise<Exchange>}
     */
    async send(message, what, begun) {
        const exchange = this.#exchange("message", { message, ...what });
        const seal = await PlatformSeal.of(this.#settings().account);
        for (let number = 1; number <= DELIVERIES; number += 1) {
            const delivery = await this.#deliver(exchange, seal, number, begun);
            if (!delivery.reading.fault) break;
        }
        return this.#ended(exchange, outcome(exchange.deliveries.at(-1), "the fault notice is shown"));
    }

    /**
     * Delivers a message once more, or several times at once: the same in all but its signature.
     * @param {Exchange} earlier
     * @param {number} count How often, all at the same time.
     */
    async again(earlier, count) {
        const times = count === 1 ? "Again" : `${count} at once`;
        const exchange = this.#exchange("again", {
            message: earlier.message, content: earlier.content, subject: earlier.subject,
            title: `${times}: ${earlier.subject}`,
        });
        const seal = await PlatformSeal.of(this.#settings().account);
        const numbers = Array.from({ length: count }, (_, index) => index + 1);
        await Promise.all(numbers.map((number) => this.#deliver(exchange, seal, number)));
        const worst = exchange.deliveries.find((delivery) => delivery.reading.fault) ?? exchange.deliveries.at(-1);
        return this.#ended(exchange, outcome(worst, "a delivery failed"));
    }

    /**
     * Delivers a message without a signature, as a stranger would.
     * @param {Exchange} earlier
     */
    async sendUnsigned(earlier) {
        const exchange = this.#exchange("unsigned", {
            message: earlier.message, title: `Unsigned: ${earlier.subject}`, subject: earlier.subject,
        });
        const seal = await PlatformSeal.of(this.#settings().account);
        const delivery = this.#begin(exchange, 1, seal.unsigned(earlier.message));
        await this.#exchanged(exchange, delivery, async () => {});
        const status = delivery.answer?.status;
        const isRefused = status !== undefined && status >= 400 && status < 500;
        return this.#ended(exchange, {
            kind: isRefused ? "well" : "wrong",
            text: isRefused ? `refused with ${status}, as it should be`
                : status === undefined ? delivery.reading.fault.message
                : `answered with ${status}: whoever knows the address can write in your users' names`,
        });
    }

    /** Verifies the URL, as the platform does when its owner sets it. */
    async verify() {
        const echostr = String(crypto.getRandomValues(new BigUint64Array(1))[0] % 9_000_000_000_000_000_000n
            + 1_000_000_000_000_000_000n);
        const exchange = this.#exchange("verification", { title: "URL verification" });
        const seal = await PlatformSeal.of(this.#settings().account);
        const delivery = this.#begin(exchange, 1, await seal.verification(echostr));
        await this.#exchanged(exchange, delivery, async () => {});
        const fault = delivery.answer ? verificationFault(delivery.answer, echostr) : delivery.reading.fault.message;
        return this.#ended(exchange, {
            kind: fault ? "wrong" : "well", text: fault ?? "echostr came back: the URL is taken",
        });
    }

    /** @returns {Exchange} */
    #exchange(kind, { message, title, subject = title, content }) {
        const { speed, account } = this.#settings();
        const began = performance.now();
        /** @type {Exchange} */
        const exchange = {
            id: ++this.#count, kind, time: new Date(), openID: message?.openID, title, subject, message, content,
            mode: account.mode, deliveries: [], outcome: { kind: "waiting", text: "waiting for an answer" },
            now: () => (performance.now() - began) * speed,
        };
        this.#changed(exchange);
        return exchange;
    }

    #begin(exchange, number, request) {
        /** @type {Delivery} */
        const delivery = { number, start: exchange.now(), request };
        exchange.deliveries.push(delivery);
        this.#changed(exchange);
        return delivery;
    }

    async #deliver(exchange, seal, number, begun = () => {}) {
        const delivery = this.#begin(exchange, number, await seal.request(exchange.message));
        begun(delivery);
        await this.#exchanged(exchange, delivery, async () => {
            delivery.reading = await readAnswer(delivery.answer, seal, exchange.message, clock());
        });
        return delivery;
    }

    async #exchanged(exchange, delivery, read) {
        const rule = { patience: PATIENCE / this.#settings().speed, seconds: PATIENCE / 1000 };
        try {
            delivery.answer = await deliver(delivery.request, rule);
            delivery.end = exchange.now();
            await read();
        } catch (error) {
            if (!(error instanceof DeliveryFault)) throw error;
            delivery.end = exchange.now();
            delivery.reading = { fault: error, warnings: [] };
        }
        this.#changed(exchange);
    }

    #ended(exchange, outcome) {
        exchange.outcome = outcome;
        this.#changed(exchange);
        return exchange;
    }
}

function outcome(delivery, ifFailed) {
    const { fault, reply } = delivery.reading;
    if (fault) return { kind: "fault", text: `${ifFailed}: ${fault.message}` };
    if (!reply) return { kind: "nothing", text: "nothing to say" };
    return { kind: "reply", text: `a reply: ${reply.type}` };
}

function clock() {
    return Math.floor(Date.now() / 1000);
}
