#include "app/cli/serve/hardware.cpp"
