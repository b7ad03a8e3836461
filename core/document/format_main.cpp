// Prints docs/document-format.md.

#include "core/document/schema.h"

#include <iostream>

int main()
{
    std::cout << jitscope::document::formatPage();
    return 0;
}
