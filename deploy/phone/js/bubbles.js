/** Draws what stands in a chat: one function for each kind of content. */

import { icon, make, outwardLink, spoken } from "./dom.js";
import { piecesOf } from "./text-links.js";

/**
 * What a bubble needs from the page around it.
 * @typedef {object} Surroundings
 * @property {(mediaID: string) => string | undefined} picture The picture that a media ID stands for, where it is known.
 * @property {(content: string, id: string) => void} tapMenuMessage
 * @property {(text: string) => void} say Puts a note into the chat.
 */

/**
 * Draws content.
 * @param {object} content A reply of the account, or what a user sent.
 * @param {Surroundings} around
 * @returns {HTMLElement}
 */
export function bubble(content, around) {
    return drawings[content.type](content, around);
}

const drawings = {
    text: ({ text }, around) =>
        make("div", { class: "bubble text" }, ...piecesOf(text).map((piece) => drawnPiece(piece, around))),

    image({ mediaID, source }, around) {
        const known = source ?? around.picture(mediaID);
        const picture = known
            ? make("img", { src: known, alt: "图片" })
            : make("div", { class: "no-picture", role: "img", "aria-label": "图片" }, icon("image"));
        return make("div", { class: "bubble picture" }, picture, !known && mediaLabel(mediaID));
    },

    voice({ mediaID, seconds, recognition }) {
        const length = seconds ? `${seconds}″` : "";
        return make(
            "div", { class: "bubble voice" }, icon("voice"), spoken("语音"), make("span", {}, length),
            recognition && make("p", { class: "recognition" }, recognition), !seconds && mediaLabel(mediaID));
    },

    video: ({ mediaID, title, description }) =>
        make(
            "div", { class: "bubble picture" },
            make("div", { class: "no-picture film", role: "img", "aria-label": "视频" }, icon("play")),
            title && make("p", { class: "title" }, title), description && make("p", { class: "about" }, description),
            mediaLabel(mediaID)),

    music: ({ title, description, url }) =>
        outwardLink(
            url, { class: "bubble card music" },
            make(
                "div", { class: "card-text" }, spoken("音乐："), make("p", { class: "title" }, title || "音乐"),
                description && make("p", { class: "about" }, description)),
            make("div", { class: "disc" }, icon("triangle"))),

    news: ({ articles }) =>
        articles.length === 1 ? singleArticle(articles[0]) : make("div", { class: "bubble news" }, ...articles.map(row)),

    location: ({ label, latitude, longitude }) =>
        make(
            "div", { class: "bubble place" }, spoken("位置："), make("p", { class: "title" }, label || "位置"),
            make("p", { class: "about" }, `${latitude}, ${longitude}`),
            make("div", { class: "map" }, icon("pin"))),

    link: ({ title, description, url }) =>
        outwardLink(
            url, { class: "bubble card" },
            make(
                "div", { class: "card-text" }, spoken("链接："), make("p", { class: "title" }, title),
                make("p", { class: "about" }, description || url)),
            make("div", { class: "disc" }, icon("link"))),

    file: ({ title, length }) =>
        make(
            "div", { class: "bubble card" },
            make(
                "div", { class: "card-text" }, spoken("文件："), make("p", { class: "title" }, title),
                make("p", { class: "about" }, `${length} B`)),
            make("div", { class: "disc" }, icon("file"))),
};

function drawnPiece(piece, around) {
    switch (piece.kind) {
        case "page":
            return make("a", { href: piece.href, target: "_blank", rel: "noopener noreferrer" }, piece.text);
        case "menu": {
            const tap = () => around.tapMenuMessage(piece.content, piece.id);
            return make("button", { type: "button", class: "inline", click: tap }, piece.text);
        }
        case "app": {
            const tap = () => around.say("这个链接只能在微信里打开");
            return make("button", { type: "button", class: "inline", click: tap }, piece.text);
        }
        default:
            return piece.text;
    }
}

/** Pictures of articles are elsewhere, and this page loads nothing from elsewhere: each has a drawing of its own. */
function cover(article, size) {
    const letters = Array.from(article.title + article.url);
    const sum = letters.reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) | 0, 7);
    return make("div", { class: `cover ${size} shade-${Math.abs(sum) % 4}` }, icon("image"));
}

function singleArticle(article) {
    return outwardLink(
        article.url, { class: "bubble news" }, cover(article, "large"),
        make(
            "div", { class: "article" }, spoken("图文："), make("p", { class: "title" }, article.title || "（无标题）"),
            article.description && make("p", { class: "about" }, article.description)));
}

function row(article, index) {
    const title = make("p", { class: "title" }, article.title || "（无标题）");
    return index === 0
        ? outwardLink(article.url, { class: "first" }, cover(article, "large"), title)
        : outwardLink(article.url, { class: "row" }, title, cover(article, "small"));
}

const mediaLabel = (mediaID) => mediaID && make("p", { class: "media" }, `MediaId ${mediaID}`);
