// The classic way to write this server, and the base of every ratio: libfcgi, a pool of threads that each wait in
// FCGX_Accept_r, Expat for the message and OpenSSL for the signature. It answers a text with the same text, the text
// "slow" after four seconds, every other message with "success" and a verification with its echostr. Started by a web
// server as a CGI process it answers that one request.

#include <expat.h>
#include <fcgiapp.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 64, BODY_LIMIT = 1 << 16, TEXT_LIMIT = 2048 };

typedef struct {
    char bytes[TEXT_LIMIT + 1];
    size_t length;
} Text;

typedef struct {
    Text to, from, type, content;
} Message;

// What a thread keeps from one request to the next.
typedef struct {
    XML_Parser parser;
    EVP_MD_CTX *digest;
    int depth;
    Text *current;
    Message message;
    char body[BODY_LIMIT];
    char answer[2 * TEXT_LIMIT + 1024];
} Worker;

static const char *token;
static EVP_MD *sha1;

static void element_began(void *context, const XML_Char *name, const XML_Char **attributes) {
    (void)attributes;
    Worker *worker = context;
    Message *message = &worker->message;
    if (++worker->depth != 2) return;
    worker->current = strcmp(name, "ToUserName") == 0     ? &message->to
                      : strcmp(name, "FromUserName") == 0 ? &message->from
                      : strcmp(name, "MsgType") == 0      ? &message->type
                      : strcmp(name, "Content") == 0      ? &message->content
                                                          : NULL;
}

static void element_ended(void *context, const XML_Char *name) {
    (void)name;
    Worker *worker = context;
    worker->depth--;
    worker->current = NULL;
}

static void text_came(void *context, const XML_Char *bytes, int count) {
    Text *text = ((Worker *)context)->current;
    if (text == NULL || text->length + (size_t)count > TEXT_LIMIT) return;
    memcpy(text->bytes + text->length, bytes, (size_t)count);
    text->length += (size_t)count;
}

static bool read_message(Worker *worker, size_t length) {
    Message *message = &worker->message;
    XML_ParserReset(worker->parser, NULL);
    XML_SetUserData(worker->parser, worker);
    XML_SetElementHandler(worker->parser, element_began, element_ended);
    XML_SetCharacterDataHandler(worker->parser, text_came);
    worker->depth = 0;
    worker->current = NULL;
    message->to.length = message->from.length = message->type.length = message->content.length = 0;
    if (XML_Parse(worker->parser, worker->body, (int)length, 1) != XML_STATUS_OK) return false;
    message->to.bytes[message->to.length] = 0;
    message->from.bytes[message->from.length] = 0;
    message->type.bytes[message->type.length] = 0;
    message->content.bytes[message->content.length] = 0;
    return true;
}

// The value of a query parameter, which is not percent-encoded in anything the platform signs.
static bool find(const char *query, const char *name, char value[64]) {
    size_t name_length = strlen(name);
    while (query != NULL && *query != 0) {
        size_t length = strcspn(query, "&");
        if (length > name_length && query[name_length] == '=' && memcmp(query, name, name_length) == 0) {
            size_t value_length = length - name_length - 1;
            if (value_length > 63) return false;
            memcpy(value, query + name_length + 1, value_length);
            value[value_length] = 0;
            return true;
        }
        query += length + (query[length] == '&');
    }
    return false;
}

static int in_order(const void *left, const void *right) {
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool is_signed(Worker *worker, const char *query) {
    static const char digits[] = "0123456789abcdef";
    char signature[64], timestamp[64], nonce[64], expected[40];
    unsigned char hash[EVP_MAX_MD_SIZE];
    if (!find(query, "signature", signature) || !find(query, "timestamp", timestamp) || !find(query, "nonce", nonce))
        return false;
    const char *parts[] = {token, timestamp, nonce};
    qsort(parts, 3, sizeof *parts, in_order);
    EVP_DigestInit_ex(worker->digest, sha1, NULL);
    for (int i = 0; i < 3; i++) EVP_DigestUpdate(worker->digest, parts[i], strlen(parts[i]));
    EVP_DigestFinal_ex(worker->digest, hash, NULL);
    for (int i = 0; i < 20; i++) {
        expected[2 * i] = digits[hash[i] >> 4];
        expected[2 * i + 1] = digits[hash[i] & 15];
    }
    return strlen(signature) == 40 && CRYPTO_memcmp(signature, expected, 40) == 0;
}

// Writes the answer to the request with this query, and a body of this length in the worker; returns its length.
static int respond(Worker *worker, const char *method, const char *query, size_t length) {
    const Message *message = &worker->message;
    char echo[64];
    if (!is_signed(worker, query))
        return sprintf(worker->answer, "Status: 403 Forbidden\r\nContent-Type: text/plain\r\n\r\nrefused\n");
    if (method != NULL && strcmp(method, "GET") == 0)
        return sprintf(
            worker->answer, "Content-Type: text/plain\r\n\r\n%s", find(query, "echostr", echo) ? echo : "");
    if (!read_message(worker, length))
        return sprintf(worker->answer, "Status: 400 Bad Request\r\nContent-Type: text/plain\r\n\r\nmalformed\n");
    if (strcmp(message->type.bytes, "text") != 0)
        return sprintf(worker->answer, "Content-Type: text/plain\r\n\r\nsuccess");
    if (strcmp(message->content.bytes, "slow") == 0) sleep(4);
    return snprintf(
        worker->answer, sizeof worker->answer,
        "Content-Type: text/xml\r\n\r\n<xml><ToUserName><![CDATA[%.512s]]></ToUserName>"
        "<FromUserName><![CDATA[%.512s]]></FromUserName><CreateTime>%lld</CreateTime>"
        "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content></xml>",
        message->from.bytes, message->to.bytes, (long long)time(NULL), message->content.bytes);
}

static Worker *make_worker(void) {
    Worker *worker = calloc(1, sizeof *worker);
    if (worker == NULL) abort();
    worker->parser = XML_ParserCreate(NULL);
    worker->digest = EVP_MD_CTX_new();
    return worker;
}

static void *serve(void *unused) {
    Worker *worker = make_worker();
    FCGX_Request request;
    FCGX_InitRequest(&request, STDIN_FILENO, 0);
    while (FCGX_Accept_r(&request) == 0) {
        int length = FCGX_GetStr(worker->body, sizeof worker->body, request.in);
        const char *method = FCGX_GetParam("REQUEST_METHOD", request.envp);
        const char *query = FCGX_GetParam("QUERY_STRING", request.envp);
        FCGX_PutStr(worker->answer, respond(worker, method, query, (size_t)length), request.out);
        FCGX_Finish_r(&request);
    }
    return unused;
}

int main(void) {
    token = getenv("WECHAT_TOKEN");
    if (token == NULL) {
        fputs("WECHAT_TOKEN is not set\n", stderr);
        return 64;
    }
    sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
    if (getenv("GATEWAY_INTERFACE") != NULL) {
        Worker *worker = make_worker();
        size_t length = fread(worker->body, 1, sizeof worker->body, stdin);
        int count = respond(worker, getenv("REQUEST_METHOD"), getenv("QUERY_STRING"), length);
        return fwrite(worker->answer, 1, (size_t)count, stdout) == (size_t)count ? 0 : 1;
    }
    FCGX_Init();
    for (int i = 1; i < THREADS; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, NULL) != 0) return 71;
    }
    serve(NULL);
    return 0;
}
