#pragma once

/// Catch2 under one name, whichever version Debian ships: 2.13 (Debian 12) or 3.7 (Debian 13).

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
