// Expat as Debian ships it (libexpat1-dev), and memory for its parsers.
#ifndef CEXPAT_H
#define CEXPAT_H

#include <expat.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// A parser of a message makes some twenty allocations, and frees them all at its end. Here each thread has room for one
// parser at a time, which is given back as a whole; what does not fit there comes from the heap as always.
enum { CEXPAT_ROOM = 24 << 10, CEXPAT_STEP = 16 };

struct cexpat_memory {
    size_t used;
    int usesHeap;
    _Alignas(CEXPAT_STEP) unsigned char bytes[CEXPAT_ROOM];
};

// In a function, since the importer does not emit the variables of a header.
static inline struct cexpat_memory *cexpat_memory(void) {
    static _Thread_local struct cexpat_memory memory;
    return &memory;
}

static inline int cexpat_has(const void *place) {
    return (uintptr_t)place - (uintptr_t)cexpat_memory()->bytes < CEXPAT_ROOM;
}

// Each piece has its size in front of it.
static void *cexpat_allocate(size_t size) {
    struct cexpat_memory *memory = cexpat_memory();
    size_t rest = CEXPAT_ROOM - memory->used;
    if (rest < 2 * CEXPAT_STEP || size > rest - 2 * CEXPAT_STEP) {
        memory->usesHeap = 1;
        return malloc(size);
    }
    unsigned char *piece = memory->bytes + memory->used + CEXPAT_STEP;
    memcpy(piece - CEXPAT_STEP, &size, sizeof size);
    memory->used += CEXPAT_STEP + (size + CEXPAT_STEP - 1) / CEXPAT_STEP * CEXPAT_STEP;
    return piece;
}

static void cexpat_free(void *piece) {
    if (piece && !cexpat_has(piece)) free(piece);
}

static void *cexpat_reallocate(void *piece, size_t size) {
    if (!piece) return cexpat_allocate(size);
    if (!cexpat_has(piece)) return realloc(piece, size);
    size_t old;
    memcpy(&old, (unsigned char *)piece - CEXPAT_STEP, sizeof old);
    if (size <= old) return piece;
    void *larger = cexpat_allocate(size);
    if (larger) memcpy(larger, piece, old);
    return larger;
}

// A parser of UTF-8, the only one of its thread until it is given back there.
static inline XML_Parser cexpat_create(void) {
    static const XML_Memory_Handling_Suite functions = {cexpat_allocate, cexpat_reallocate, cexpat_free};
    cexpat_memory()->used = 0;
    cexpat_memory()->usesHeap = 0;
    return XML_ParserCreate_MM("UTF-8", &functions, NULL);
}

static inline void cexpat_give_back(XML_Parser parser) {
    if (cexpat_memory()->usesHeap) XML_ParserFree(parser);
}

#endif
