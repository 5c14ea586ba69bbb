// Draws what `?json` says, again every few seconds. Nothing that comes from there is ever taken for HTML.
"use strict";

const texts = {
    en: {
        account: "Account", allAccounts: "all accounts", now: "Now", times: "Answer time", messages: "Messages by type",
        events: "Events", answers: "Answers and retries", late: "Late answers", errors: "Errors by kind",
        state: "Store and access tokens", processes: "Processes", asText: "Plain text",
        good: "All well", storeDown: "Store down", tokenDown: "Access token failing", silent: "No answer",
        requests: "Requests", rate: "Messages per minute", inFlight: "In flight", waiting: "Handlers waiting",
        memory: "Memory", since: "since", updated: "updated", version: "version", none: "none so far",
        limit: "5 s", timesNote: "The platform hangs up after 5 s.", over: "{over} of {count} answers took longer.",
        noTimes: "Nothing has been answered yet.",
        perAnswer: "What deliveries got", perRetry: "Deliveries of a message that was known",
        lateHow: "How they ended", deferred: "became late",
        refusals: "Requests refused", handlers: "Handlers", connections: "Connections of web servers",
        store: "Store", from: "since", working: "working", notWorking: "not working", noStore: "none",
        token: "Access token", fetched: "fetched", failed: "failed", never: "not asked for yet", storeFailures: "Store failures",
        pid: "Process", started: "Started", release: "Version", descriptors: "Descriptors", lost: "The status cannot be read: {why}. Trying again.",
        reply: "reply", success: "success (silent)", verified: "URL verified", next_delivery: "left to the next delivery",
        joined: "joined", repeated: "answered again", collected: "collected by user", sent: "customer service",
        refused: "platform refused", dropped: "dropped", erased: "user left", crowded_out: "no room left", error: "threw an error", timeout: "took too long",
        apologies: "apologies", other: "other", taken_over: "taken over", overtaken: "overtaken",
        refusal_refused: "signature, age or key", refusal_no_account: "no account", refusal_method: "method",
        refusal_too_large: "too large", refusal_malformed: "malformed", refusal_misconfigured: "misconfigured",
        refusal_busy: "too many at once",
        server_connection_refused: "not FastCGI as it should be", server_cut_short: "cut short",
        server_read_timeout: "request too slow", server_write_timeout: "answer not taken",
        server_handler_timeout: "no answer in time", server_too_many_requests: "too many requests",
        server_too_many_bodies: "too many large bodies",
        server_peer_left: "left early", server_connection_limit: "too many connections",
        server_descriptor_limit: "no descriptors left", server_replacement_failed: "replacement failed",
        server_system_error: "system error",
        text: "text", image: "image", voice: "voice", video: "video", shortvideo: "short video", location: "location",
        link: "link", miniprogrampage: "mini program", file: "file", event: "event",
    },
    zh: {
        account: "公众号", allAccounts: "全部公众号", now: "当前", times: "应答时间", messages: "消息类型", events: "事件",
        answers: "应答与重试", late: "迟到的答案", errors: "错误", state: "存储与 access token", processes: "进程",
        asText: "纯文本", good: "运行正常", storeDown: "存储不可用", tokenDown: "access token 获取失败", silent: "无响应",
        requests: "请求", rate: "每分钟消息", inFlight: "处理中", waiting: "等待中的处理器", memory: "内存", since: "统计自",
        updated: "更新于", version: "版本", none: "暂无", limit: "5 秒", timesNote: "平台只等 5 秒。",
        over: "{count} 个应答中有 {over} 个更慢。", noTimes: "还没有应答。", perAnswer: "应答结果", perRetry: "重复投递的消息",
        lateHow: "结果", deferred: "迟到", refusals: "被拒绝的请求", handlers: "处理器", connections: "与 Web 服务器的连接",
        store: "存储", from: "自", working: "正常", notWorking: "不可用", noStore: "无", token: "access token", fetched: "获取于",
        failed: "失败于", never: "尚未获取", storeFailures: "存储故障", pid: "进程号", started: "启动于", release: "版本", descriptors: "描述符",
        lost: "无法读取状态：{why}。正在重试。", reply: "已回复", success: "success（不回复）", verified: "URL 验证",
        next_delivery: "留给下一次投递", joined: "并入等待", repeated: "再次应答", collected: "用户已领取", sent: "客服接口发送",
        refused: "平台拒绝", dropped: "丢弃", erased: "用户已取消关注", crowded_out: "积压过多", error: "抛出错误", timeout: "超时", apologies: "致歉", other: "其他",
        taken_over: "接管", overtaken: "被接管", refusal_refused: "签名、时间或密钥", refusal_no_account: "没有公众号",
        refusal_method: "请求方法", refusal_too_large: "过大", refusal_malformed: "格式错误", refusal_misconfigured: "配置错误",
        refusal_busy: "过载",
        server_connection_refused: "不合规的 FastCGI", server_cut_short: "中途断开", server_read_timeout: "请求过慢",
        server_write_timeout: "应答未取走", server_handler_timeout: "未及时应答", server_too_many_requests: "请求过多",
        server_too_many_bodies: "大请求过多",
        server_peer_left: "提前离开", server_connection_limit: "连接过多", server_descriptor_limit: "描述符用尽",
        server_replacement_failed: "替换失败", server_system_error: "系统错误", text: "文本", image: "图片", voice: "语音", video: "视频",
        shortvideo: "小视频", location: "位置", link: "链接", miniprogrampage: "小程序", file: "文件", event: "事件",
    },
};

const language = navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
const say = (name) => texts[language][name] ?? name;
const fill = (name, values) => say(name).replace(/\{(\w+)\}/g, (_, key) => values[key]);
const count = new Intl.NumberFormat(navigator.language);
const find = (id) => document.getElementById(id);

/** Makes an element: its tag and classes, then what is in it, texts or elements. */
function make(tag, ...content) {
    const [name, ...classes] = tag.split(".");
    const element = document.createElement(name);
    element.classList.add(...classes);
    element.append(...content);
    return element;
}

function moment(seconds) {
    const date = new Date(seconds * 1000);
    const isToday = date.toDateString() === new Date().toDateString();
    if (isToday) return date.toLocaleTimeString(navigator.language);
    return date.toLocaleString(navigator.language, { dateStyle: "medium", timeStyle: "short" });
}

function duration(seconds) {
    if (seconds < 0.001) return `${Math.round(seconds * 1e6)} µs`;
    if (seconds < 1) return `${(seconds * 1000).toPrecision(seconds < 0.1 ? 2 : 3)} ms`;
    return `${seconds.toFixed(2)} s`;
}

function bytes(number) {
    return number < 1 << 20 ? `${Math.round(number / 1024)} KiB` : `${(number / (1 << 20)).toFixed(number < 10 << 20 ? 1 : 0)} MiB`;
}

function nothing() { return make("p.none", say("none")); }

/** Rows of a name, a bar and a number. An entry is a name, a count, and how bad it is. */
function rows(entries) {
    if (entries.length === 0) return nothing();
    const most = Math.max(...entries.map(([, number]) => number));
    const list = make("dl.rows");
    for (const [name, number, kind] of entries) {
        const bar = make("span.fill");
        if (kind) bar.classList.add(kind);
        bar.style.width = `${100 * number / most}%`;
        const track = make("span.track", bar);
        track.setAttribute("aria-hidden", "true");
        list.append(make("div.row", make("dt", name), make("dd", track, make("span.number", count.format(number)))));
    }
    return list;
}

const entries = (object, kind = () => "", prefix = "") =>
    Object.entries(object).map(([name, number]) => [say(prefix + name), number, kind(name)]);

function titled(title, content) { return [make("h3", title), content]; }
function group(title, content) { return make("div", ...titled(title, content)); }

function drawTiles(all, rate) {
    const memory = all.processes.reduce((sum, process) => sum + process.resident_bytes, 0);
    const tiles = [
        ["requests", count.format(all.requests)], ["rate", rate === null ? "–" : count.format(rate)],
        ["inFlight", count.format(all.in_flight)], ["waiting", count.format(all.handlers_waiting)],
        ["processes", count.format(all.processes.length)], ["memory", bytes(memory)],
    ];
    find("tiles").replaceChildren(
        find("tiles-title"), ...tiles.map(([name, value]) => make("dl.tile", make("dt", say(name)), make("dd", value))));
}

// Times differ by more than a factor of ten thousand, so that the scale is logarithmic.
const [shortest, longest] = [0.0001, 60];
const place = (seconds) =>
    100 * Math.log(Math.min(Math.max(seconds, shortest), longest) / shortest) / Math.log(longest / shortest);

function drawTimes(times) {
    if (!times) {
        find("times-note").textContent = say("noTimes");
        find("times").replaceChildren();
        return;
    }
    find("times-note").textContent = `${say("timesNote")} ${fill("over", { count: count.format(times.count), over: count.format(times.over_5s) })}`;
    const list = make("dl.rows");
    for (const [name, key] of [["p50", "p50"], ["p90", "p90"], ["p99", "p99"], ["p99.9", "p999"], ["max", "max"]]) {
        const isLate = times[key] > 5;
        const bar = make("span.fill");
        bar.style.width = `${place(times[key])}%`;
        if (isLate) bar.classList.add("bad");
        const track = make("span.track", bar);
        track.setAttribute("aria-hidden", "true");
        const number = make("span.number", duration(times[key]));
        if (isLate) number.classList.add("bad");
        list.append(make("div.row", make("dt", name), make("dd", track, number)));
    }
    const ticks = make("div");
    const scale = [[0.0001, "0.1 ms"], [0.001, "1 ms"], [0.01, "10 ms"], [0.1, "100 ms"], [1, "1 s"], [5, say("limit")], [60, "60 s"]];
    for (const [seconds, label] of scale) {
        const tick = make("span", label);
        tick.style.left = `${place(seconds)}%`;
        if (seconds === shortest) tick.classList.add("first");
        if (seconds === longest) tick.classList.add("last");
        if (seconds === 5) tick.classList.add("limit");
        if ([0.001, 0.1, 1, longest].includes(seconds)) tick.classList.add("minor");
        ticks.append(tick);
    }
    const axis = make("div.axis", ticks);
    axis.setAttribute("aria-hidden", "true");
    const line = make("i");
    line.style.left = `${place(5)}%`;
    const limits = make("div.limits", make("div", line));
    limits.setAttribute("aria-hidden", "true");
    const rowsAndAxis = make("div.rows", ...list.childNodes, axis);
    find("times").replaceChildren(make("div.scale", rowsAndAxis, limits));
}

function drawErrors(all, shown) {
    const parts = [];
    const isOfAll = shown === all;
    const failures = entries(shown.handler_failures, () => "bad");
    if (shown.apologies) failures.push([say("apologies"), shown.apologies, "warn"]);
    failures.push(...entries(shown.takeovers, () => "warn"));
    if (isOfAll) {
        const refusals = entries(all.refusals, (kind) => kind === "misconfigured" || kind === "busy" ? "bad" : "warn", "refusal_");
        if (refusals.length) parts.push(group(say("refusals"), rows(refusals)));
    }
    if (failures.length) parts.push(group(say("handlers"), rows(failures)));
    if (isOfAll) {
        const server = entries(all.server, () => "warn", "server_");
        if (server.length) parts.push(group(say("connections"), rows(server)));
        if (all.store_failures) parts.push(group(say("store"), rows([[say("storeFailures"), all.store_failures, "bad"]])));
    }
    find("errors").replaceChildren(...(parts.length ? parts : [nothing()]));
}

/** How one thing does: its name, whether it works (null for neither), a word, and more about it. */
function thing(name, isGood, word, facts) {
    const kind = isGood === null ? "li.thing" : isGood ? "li.thing.good" : "li.thing.bad";
    return make(kind, make("span", `${name}: `, make("b", word)), ...(facts ? [make("small", facts)] : []));
}

function drawState(all, shown) {
    const things = [
        all.store
            ? thing(say("store"), all.store.working, say(all.store.working ? "working" : "notWorking"), `${say("from")} ${moment(all.store.since)}`)
            : thing(say("store"), null, say("noStore")),
    ];
    const accounts = (shown === all ? all.accounts : [shown]).filter((account) => account.access_token);
    for (const { name, access_token: token } of accounts) {
        const facts = [];
        if (token.refreshed) facts.push(`${say("fetched")} ${moment(token.refreshed)}`);
        if (token.failed) facts.push(`${say("failed")} ${moment(token.failed)} (${token.failure})`);
        things.push(thing(name, token.working, say(token.working ? "working" : "notWorking"), facts.join("; ")));
    }
    if (!accounts.length) things.push(thing(say("token"), null, say("never")));
    find("state").replaceChildren(...things);
}

function drawProcesses(processes) {
    const head = ["pid", "started", "release", "requests", "inFlight", "waiting", "memory", "descriptors", "store"];
    const body = processes.map((process) => [
        process.pid, moment(process.started), process.version || "–", count.format(process.requests),
        count.format(process.in_flight), count.format(process.handlers_waiting), bytes(process.resident_bytes),
        count.format(process.descriptors),
        process.store ? say(process.store.working ? "working" : "notWorking") : say("noStore"),
    ]);
    const table = make(
        "table", make("thead", make("tr", ...head.map((name) => {
            const cell = make("th", say(name));
            cell.scope = "col";
            return cell;
        }))),
        make("tbody", ...body.map((row) => make("tr", ...row.map((value) => make("td", String(value)))))));
    find("processes").replaceChildren(table);
}

function drawHealth(all) {
    const tokenFails = all.accounts.some((account) => account.access_token && !account.access_token.working);
    const trouble = all.store && !all.store.working ? "storeDown" : tokenFails ? "tokenDown" : null;
    setHealth(trouble ?? "good", !trouble);
    const version = all.version ? `${say("version")} ${all.version} · ` : "";
    find("facts").textContent = `${version}${say("since")} ${moment(all.since)} · ${say("updated")} ${moment(all.now)}`;
}

function setHealth(name, isGood) {
    const health = find("health");
    if (health.textContent !== say(name)) health.textContent = say(name);
    health.className = isGood ? "pill good" : "pill bad";
}

function drawChoice(all) {
    const select = find("account");
    const names = all.accounts.map((account) => account.name);
    const old = Array.from(select.options, (option) => option.value).slice(1);
    if (select.options.length === 0 || names.join("\n") !== old.join("\n")) {
        const chosen = select.value;
        const first = new Option(say("allAccounts"), "");
        select.replaceChildren(first, ...names.map((name) => new Option(name, name)));
        select.value = names.includes(chosen) ? chosen : "";
    }
    select.closest("label").hidden = names.length < 2;
}

// Of about the last minute, to tell how many messages come in one.
let seen = [];

function messagesPerMinute(all) {
    const sum = Object.values(all.messages).reduce((one, other) => one + other, 0);
    const now = performance.now();
    if (seen.length && sum < seen[seen.length - 1].sum) seen = [];
    seen.push({ now, sum });
    while (seen.length > 2 && now - seen[0].now > 60_000) seen.shift();
    const elapsed = now - seen[0].now;
    return elapsed < 2000 ? null : Math.round((sum - seen[0].sum) * 60_000 / elapsed);
}

let latest = null;

function draw(all, rate) {
    drawHealth(all);
    drawChoice(all);
    const shown = all.accounts.find((account) => account.name === find("account").value) ?? all;
    drawTiles(all, rate);
    drawTimes(shown.answer_time);
    find("messages").replaceChildren(rows(entries(shown.messages)));
    find("events").replaceChildren(
        rows(Object.entries(shown.events).map(([name, number]) => [name === "other" ? say(name) : name, number])));
    find("answers").replaceChildren(
        ...titled(say("perAnswer"), rows(entries(shown.answers))),
        ...titled(say("perRetry"), rows(entries(shown.retries, () => "warn"))));
    const { deferred = 0, ...ends } = shown.late;
    find("late").replaceChildren(
        ...(deferred || Object.keys(ends).length
            ? [rows([[say("deferred"), deferred, "warn"]]),
                ...titled(say("lateHow"), rows(entries(ends, (name) => ["refused", "dropped", "crowded_out"].includes(name) ? "bad" : "")))]
            : [nothing()]));
    drawErrors(all, shown);
    drawState(all, shown);
    drawProcesses(all.processes);
    find("all").hidden = false;
}

let rate = null;

async function refresh() {
    try {
        const response = await fetch("?json", { cache: "no-store" });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        latest = await response.json();
        rate = messagesPerMinute(latest);
        find("trouble").hidden = true;
        draw(latest, rate);
    } catch (error) {
        setHealth("silent", false);
        find("trouble").textContent = fill("lost", { why: error.message });
        find("trouble").hidden = false;
    }
}

const pause = 3000;
let timer = null;

async function loop() {
    clearTimeout(timer);
    await refresh();
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(loop, pause);
}

document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
for (const element of document.querySelectorAll("[data-text]")) element.textContent = say(element.dataset.text);
find("account").addEventListener("change", () => latest && draw(latest, rate));
document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : loop());
loop();
