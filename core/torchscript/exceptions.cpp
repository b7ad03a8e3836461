#include "core/torchscript/exceptions_p.h"

#include "core/support/utf8.h"

#include <c10/util/Exception.h>
#include <torch/csrc/jit/frontend/error_report.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>
#include <optional>

namespace jitscope::torchscript {

namespace {

std::string trimmed(std::string_view text)
{
    constexpr std::string_view space = " \t\r\n";
    const auto first = text.find_first_not_of(space);
    if (first == std::string_view::npos)
        return {};
    return std::string(text.substr(first, text.find_last_not_of(space) - first + 1));
}

std::string rawMessage()
{
    try {
        throw;
    } catch (const c10::Error& error) {
        return error.what_without_backtrace();
    } catch (const std::bad_alloc&) {
        return "Out of memory.";
    } catch (const std::exception& error) {
        return error.what();
    } catch (...) {
        return "An exception of unknown type.";
    }
}

std::string wordAfter(std::string_view text, std::string_view marker, std::string_view stop)
{
    const auto at = text.find(marker);
    if (at == std::string_view::npos)
        return {};
    text.remove_prefix(at + marker.size());
    return trimmed(text.substr(0, text.find_first_of(stop)));
}

// "code/__torch__/model.py", line 12, of a message that quotes the serialized code.
std::string serializedPlace(std::string_view message)
{
    const std::string file = wordAfter(message, "File \"", "\"");
    const std::string line = wordAfter(message, "\", line ", ",\n ");
    if (!file.empty() && !line.empty())
        return file + ":" + line;
    return file;
}

struct Known
{
    std::string_view marker; // in LibTorch's message
    std::string_view what;
    std::string_view remedy;
};

// What LibTorch 2.11 says about files that it cannot read, and what it means.
constexpr std::array known{
    Known{"No such file or directory", "The file does not exist.", "Check the path."},
    Known{"not a ZIP archive", "The file is no TorchScript model: it is no zip archive.",
          "Save the model with torch.jit.save; an eager model must be scripted or traced first."},
    Known{"failed finding central directory",
          "The file is no TorchScript model, or it is cut off: the zip directory at its end is "
          "missing.",
          "Check that the file was copied whole, and that it was written by torch.jit.save."},
    Known{"failed locating file constants.pkl",
          "The archive holds no TorchScript code; it was written by torch.save or is another kind "
          "of model.",
          "Script or trace the model in Python and save it with torch.jit.save."},
    Known{"archive does not contain any files", "The archive is empty.", "Save the model again."},
    Known{"Expected hasRecord(\"version\")",
          "The archive has no version record, so it is no TorchScript model.",
          "Save the model again with torch.jit.save."},
    Known{"maximum supported version for reading is",
          "The file was written by a newer PyTorch than this program can read.",
          "Save the model with PyTorch 2.11 or older, or use a newer Jitscope."},
    Known{"minimum supported version for reading is",
          "The version record of the file names a version that LibTorch never wrote or no longer "
          "reads.",
          "Save the model again with a current PyTorch."},
    Known{"Couldn't parse the version",
          "The version record of the file is no number; the file is damaged.",
          "Save or copy the model again."},
    Known{"stoull", "The version record of the file is no number; the file is damaged.",
          "Save or copy the model again."},
    Known{"Malformed Flatbuffer",
          "The file begins like a mobile (flatbuffer) model but is damaged.",
          "Save the model again with torch.jit.save."},
    Known{"Unknown custom class type",
          "The model uses a custom class that no library provides here.",
          "Give the library that registers the class as operator library."},
    Known{"Can't redefine method", "The model's code defines a method twice; the file is damaged.",
          "Save the model again."},
    Known{"file not found", "A record that the model needs is missing from the archive.",
          "Save or copy the model again."},
    Known{"file read failed", "A record of the archive cannot be read; the file is damaged.",
          "Copy or download the model again."},
    Known{
        "Arguments for call are not valid",
        "The model calls an operator with arguments that this version of LibTorch does not accept.",
        "Save the model again with the PyTorch version that is to run it."},
    Known{"pickler archive", "A pickle record of the model is damaged.",
          "Copy or download the model again."},
    Known{"Unknown opcode", "A pickle record of the model is damaged.",
          "Copy or download the model again."},
    Known{"Unpickler found unknown", "A pickle record of the model is damaged.",
          "Copy or download the model again."},
};

std::optional<Error> missingOperatorError(std::string_view message, const std::string& file)
{
    const std::string name = missingOperator(message);
    if (name.empty())
        return std::nullopt;
    const std::string library = name.substr(0, name.find("::"));
    const std::string place = serializedPlace(message);
    return Error{
        ErrorCode::UnusableFile,
        "The model needs the operator " + name + ", which no library provides here.",
        place.empty() ? file : file + ": " + place,
        "Give the shared library that registers the operators of " + library +
            " as operator library (for torchvision: torchvision/_C.so of its Python package)."};
}

} // namespace

std::string currentExceptionMessage()
{
    std::string message = rawMessage();
    for (const std::string_view cut : {"\nException raised from ", "Exception raised from "}) {
        if (const auto at = message.find(cut); at != std::string::npos)
            message.resize(at);
    }
    return toUtf8(trimmed(message));
}

std::string missingOperator(std::string_view message)
{
    std::string name = wordAfter(message, "Unknown builtin op: ", " \n");
    while (!name.empty() && name.back() == '.')
        name.pop_back();
    return name;
}

std::string summary(std::string_view message)
{
    std::string text = trimmed(message);
    // The interpreter appends the original message as the last line.
    if (text.find("failed in the TorchScript interpreter") != std::string::npos) {
        const auto at = text.rfind("\nRuntimeError: ");
        if (at != std::string::npos)
            return trimmed(
                std::string_view(text).substr(at + std::string_view("\nRuntimeError: ").size()));
        return trimmed(std::string_view(text).substr(text.rfind('\n') + 1));
    }
    return trimmed(std::string_view(text).substr(0, text.find("\n\n")));
}

Error loadError(const std::string& file)
{
    const std::string message = currentExceptionMessage();
    if (auto error = missingOperatorError(message, file))
        return *std::move(error);
    for (const Known& entry : known) {
        if (message.find(entry.marker) == std::string::npos)
            continue;
        // LibTorch's own sentence names the versions, records and types.
        const std::string said = summary(message);
        const std::string place = serializedPlace(message);
        return Error{ErrorCode::UnusableFile, std::string(entry.what) + " LibTorch: " + said,
                     place.empty() ? file : file + ": " + place, std::string(entry.remedy)};
    }
    const std::string place = serializedPlace(message);
    return Error{ErrorCode::UnusableFile, "LibTorch cannot read the model: " + summary(message),
                 place.empty() ? file : file + ": " + place,
                 "Check that torch.jit.load reads the file in Python; if not, save or copy the "
                 "model again."};
}

Error modelError(const std::string& where)
{
    return Error{ErrorCode::ModelFailed, summary(currentExceptionMessage()), where, {}};
}

} // namespace jitscope::torchscript
