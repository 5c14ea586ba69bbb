// libfcgi as Debian ships it (libfcgi-dev), and what Swift cannot import from the C library by itself.
#ifndef CFASTCGI_H
#define CFASTCGI_H

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

// GNU extensions, declared here because the importer reads the C library's headers without _GNU_SOURCE.
extern int accept4(int socket, struct sockaddr *address, socklen_t *length, int flags);
extern int pipe2(int ends[2], int flags);
extern int memfd_create(const char *name, unsigned int flags);
extern char **environ;

static inline char **cfastcgi_environment(void) { return environ; }

enum {
    CFASTCGI_IN = EPOLLIN,
    CFASTCGI_OUT = EPOLLOUT,
    CFASTCGI_RDHUP = EPOLLRDHUP,
    CFASTCGI_HUP = EPOLLHUP,
    CFASTCGI_ERR = EPOLLERR,
};

static inline int cfastcgi_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

// One event per arming, for one thread: the thread that got it owns the connection until it arms it again.
static inline int cfastcgi_epoll_arm(int epoll, int fd, int first, uint32_t events, uint64_t data) {
    struct epoll_event event = {.events = events | EPOLLONESHOT, .data = {.u64 = data}};
    return epoll_ctl(epoll, first ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
}

// One event per change, for one thread.
static inline int cfastcgi_epoll_add_edge(int epoll, int fd, uint64_t data) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data = {.u64 = data}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

// A listener that several processes may share: a new connection wakes one of them, and one of its threads.
static inline int cfastcgi_epoll_add_listener(int epoll, int fd, uint64_t data) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET | (1u << 28) /* EPOLLEXCLUSIVE */, .data = {.u64 = data}};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
}

static inline int cfastcgi_epoll_remove(int epoll, int fd) {
    struct epoll_event event = {0};
    return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &event);
}

static inline int cfastcgi_epoll_wait(int epoll, struct epoll_event *events, int count) {
    return epoll_wait(epoll, events, count, -1);
}

static inline uint32_t cfastcgi_events(const struct epoll_event *event) { return event->events; }
static inline uint64_t cfastcgi_data(const struct epoll_event *event) { return event->data.u64; }

static inline int cfastcgi_accept(int listener) {
    return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

static inline int cfastcgi_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline int cfastcgi_memfd(void) { return memfd_create("fastcgi-request", 1u /* MFD_CLOEXEC */); }
static inline int cfastcgi_timerfd(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC); }

static inline int cfastcgi_timerfd_set(int timer, int64_t milliseconds) {
    struct itimerspec when = {.it_value = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000}};
    return timerfd_settime(timer, 0, &when, NULL);
}

// Whether the peer of a connection can no longer read an answer. Of a Unix socket it is known for certain (POLLHUP); a
// TCP peer that left cannot be told from one that only ended its sending side, and is taken to have left.
static inline uint32_t cfastcgi_hangup(int fd) {
    struct pollfd entry = {.fd = fd, .events = 0x2000 /* POLLRDHUP */};
    return poll(&entry, 1, 0) == 1 ? (uint32_t)(unsigned short)entry.revents : 0;
}

static inline ssize_t cfastcgi_peek(int fd, void *buffer, size_t length) {
    return recv(fd, buffer, length, MSG_PEEK | MSG_DONTWAIT);
}

static inline ssize_t cfastcgi_receive(int fd, void *buffer, size_t length) {
    return recv(fd, buffer, length, MSG_DONTWAIT);
}

static inline ssize_t cfastcgi_send(int fd, const void *buffer, size_t length) {
    return send(fd, buffer, length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static inline ssize_t cfastcgi_send_vector(int fd, struct iovec *vector, size_t count) {
    struct msghdr message = {.msg_iov = vector, .msg_iovlen = count};
    return sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static inline int cfastcgi_is_listening(int fd) {
    int value = 0;
    socklen_t length = sizeof value;
    return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0;
}

static inline int cfastcgi_socket_family(int fd) {
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof address;
    return getsockname(fd, (struct sockaddr *)&address, &length) == 0 ? address.ss_family : -1;
}

static inline int cfastcgi_set_nonblocking(int fd) {
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? -1 : fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static inline int cfastcgi_set_close_on_exec(int fd) { return fcntl(fd, F_SETFD, FD_CLOEXEC); }

static inline int cfastcgi_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

static inline int cfastcgi_socket(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static inline int cfastcgi_datagram_socket(void) { return socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); }

// An address of a Unix socket; a path that starts with '@' names an abstract one. Returns its length, 0 where the path
// does not fit.
static inline socklen_t cfastcgi_unix_address(struct sockaddr_un *address, const char *path) {
    size_t length = strlen(path);
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    if (length == 0 || length >= sizeof address->sun_path) return 0;
    memcpy(address->sun_path, path, length);
    if (path[0] == '@') address->sun_path[0] = 0;
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (path[0] == '@' ? 0 : 1));
}

static inline int cfastcgi_on_signal(int signal, void (*handler)(int)) {
    struct sigaction action = {.sa_handler = handler};
    sigfillset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    return sigaction(signal, &action, NULL);
}

static inline int cfastcgi_default_signal(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    return sigaction(signal, &action, NULL);
}

static inline int cfastcgi_ignore_signal(int signal) {
    struct sigaction action = {.sa_handler = SIG_IGN};
    return sigaction(signal, &action, NULL);
}

// libfcgi installs handlers for these two signals, which would have it drop what it reads; what the process itself has
// set for them is put back.
static inline void cfastcgi_init(void) {
    struct sigaction stop, user;
    sigaction(SIGTERM, NULL, &stop);
    sigaction(SIGUSR1, NULL, &user);
    FCGX_Init();
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGUSR1, &user, NULL);
}

// Gives a request of libfcgi's the descriptor to read from. The fields are not part of its public interface; a test
// pins them. keepConnection: without it FCGX_Accept_r, which finishes a request first, would close the descriptor.
// detached: where it fails it closes the descriptor; without this it would shut the connection down and wait for its peer
// for two seconds before that.
static inline int cfastcgi_accept_from(FCGX_Request *request, int fd) {
    request->ipcFd = fd;
    request->keepConnection = 1;
    request->detached = 1;
    return FCGX_Accept_r(request);
}

// Whether the last cfastcgi_accept_from failed and closed the descriptor it was given. The number may be someone else's
// by now.
static inline int cfastcgi_has_closed(const FCGX_Request *request) { return request->ipcFd < 0; }

// What libfcgi read from the descriptor and has not used, when a request's input is at its end: the start of another
// request. The layout of the stream's data is private to libfcgi and the same in all releases from 2.2 on; a test pins
// it, so that a release that changes it is noticed.
static inline size_t cfastcgi_unused(const FCGX_Stream *stream, const unsigned char **bytes) {
    struct { unsigned char *buff; int bufflen; unsigned char *mBuff; unsigned char *buffStop; } const *data = stream->data;
    *bytes = stream->rdNext;
    return (size_t)(data->buffStop - stream->rdNext);
}

#endif
