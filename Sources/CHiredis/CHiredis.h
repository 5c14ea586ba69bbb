// hiredis as Debian ships it (libhiredis-dev), and what Swift cannot import from it by itself.
#ifndef CHIREDIS_H
#define CHIREDIS_H

#include <hiredis/hiredis.h>
#include <poll.h>

// Whether the connection's other end has closed it, or has sent what nobody asked for.
static inline int chiredis_is_stale(const redisContext *context) {
    struct pollfd entry = {.fd = context->fd, .events = POLLIN | 0x2000 /* POLLRDHUP */};
    return poll(&entry, 1, 0) != 0;
}

#endif
