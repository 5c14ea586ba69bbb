// Expat as Debian ships it (libexpat1-dev).
#ifndef CEXPAT_H
#define CEXPAT_H

#include <expat.h>

#endif
