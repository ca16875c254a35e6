#ifndef CPCAP_SHIM_H
#define CPCAP_SHIM_H

#include <pcap/pcap.h>

// pcap_compile is safe with several threads since libpcap 1.8. This macro came with 1.9.
#ifndef PCAP_IF_WIRELESS
#error "libpcap 1.9 or later is needed"
#endif

#endif
