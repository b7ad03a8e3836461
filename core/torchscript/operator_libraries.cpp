#include "core/torchscript/operator_libraries_p.h"

#include "core/support/utf8.h"
#include "core/torchscript/libtorch_folder_p.h"

#include <torch/headeronly/version.h>

#include <exception>
#include <fstream>
#include <string>
#include <vector>

#include <dlfcn.h>

namespace jitscope::torchscript {

namespace fs = std::filesystem;

namespace {

// Empty when the library is open, else what the loader says.
std::string tryOpen(const std::string& name)
{
    try {
        if (::dlopen(name.c_str(), RTLD_LAZY | RTLD_GLOBAL) != nullptr)
            return {};
        const char* said = ::dlerror();
        return said != nullptr ? toUtf8(said) : "unknown reason";
    } catch (const std::exception& error) {
        // Its registrations run while it is opened and may throw.
        return toUtf8(error.what());
    }
}

// "3.11" of ".../lib/python3.11/site-packages/torchvision/_C.so", or empty.
std::string pythonVersion(const fs::path& library)
{
    for (const fs::path& part : library) {
        const std::string name = part.string();
        if (name.starts_with("python3."))
            return name.substr(std::string("python").size());
    }
    return {};
}

// Where the Python that owns the library may keep its libpython: the environment's own lib, and
// that of the installation which pyvenv.cfg names.
std::vector<fs::path> pythonFolders(const fs::path& library)
{
    std::vector<fs::path> folders;
    fs::path prefix;
    for (fs::path at = library.parent_path(); at.has_relative_path(); at = at.parent_path()) {
        if (at.filename().string().starts_with("python3.")) {
            folders.push_back(at.parent_path());
            prefix = at.parent_path().parent_path();
            break;
        }
    }
    std::ifstream config(prefix / "pyvenv.cfg");
    for (std::string line; std::getline(config, line);) {
        const auto equals = line.find('=');
        if (line.rfind("home", 0) != 0 || equals == std::string::npos)
            continue;
        const auto first = line.find_first_not_of(" \t", equals + 1);
        if (first != std::string::npos)
            folders.push_back(fs::path(line.substr(first)).parent_path() / "lib");
    }
    return folders;
}

void openPython(const fs::path& library, const JobContext& job)
{
    const std::string version = pythonVersion(library);
    if (version.empty())
        return;
    const std::string name = "libpython" + version + ".so.1.0";
    std::vector<std::string> candidates;
    for (const fs::path& folder : pythonFolders(library))
        candidates.push_back((folder / name).string());
    candidates.push_back(name); // the loader's own search path
    for (const std::string& candidate : candidates) {
        if (tryOpen(candidate).empty())
            return;
    }
    job.log(LogLevel::Debug, name + " was not found");
}

void openTorchLibraries(const fs::path& library, const JobContext& job)
{
    // Those of the LibTorch in use first: a second copy of it in one process would register
    // everything twice.
    const std::vector<fs::path> folders = {libtorchFolder(),
                                           library.parent_path().parent_path() / "torch" / "lib"};
    for (const std::string name : {"libtorch.so", "libtorch_python.so"}) {
        std::string said = "not found";
        for (const fs::path& folder : folders) {
            if (!said.empty() && fs::exists(folder / name))
                said = tryOpen((folder / name).string());
        }
        if (!said.empty())
            job.log(LogLevel::Debug, name + ": " + said);
    }
}

} // namespace

Result<void> openOperatorLibrary(const fs::path& library, const JobContext& job)
{
    std::error_code status;
    const fs::path path = fs::canonical(library, status);
    if (status || !fs::is_regular_file(path)) {
        return fail(
            ErrorCode::InvalidArgument, "The operator library does not exist.", library.string(),
            "Check the path; for torchvision it is torchvision/_C.so in Python's site-packages.");
    }
    std::string said = tryOpen(path.string());
    if (said.empty())
        return {};
    openPython(path, job);
    openTorchLibraries(path, job);
    said = tryOpen(path.string());
    if (said.empty())
        return {};
    return fail(ErrorCode::Unavailable, "The operator library cannot be opened: " + said,
                library.string(),
                "Use a library that was built for the same PyTorch version (" +
                    std::string(TORCH_VERSION) + ") and whose Python is installed.");
}

} // namespace jitscope::torchscript
