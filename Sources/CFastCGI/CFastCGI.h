// libfcgi as Debian ships it (libfcgi-dev), and what Swift cannot import from the C library by itself.
#ifndef CFASTCGI_H
#define CFASTCGI_H

#include <fcgiapp.h>

#endif
