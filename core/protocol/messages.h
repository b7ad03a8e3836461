// The requests, answers and notifications between the window and the engine. docs/protocol.md
// describes them; the JSON names are the field names. Plain data, to and from nlohmann::json in
// messages.cpp.
#pragma once

#include "core/support/result.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace jitscope::protocol {

inline constexpr int protocolVersion = 2;

// Requests of the client.
inline constexpr const char* methodInitialize = "initialize";
inline constexpr const char* methodOpen = "document/open";
inline constexpr const char* methodPasses = "pass/list";
inline constexpr const char* methodInline = "stage/inline";
inline constexpr const char* methodApply = "stage/apply";
inline constexpr const char* methodRun = "run/start";
inline constexpr const char* methodShutdown = "shutdown";
// Notifications of the client.
inline constexpr const char* notificationCancel = "$/cancelRequest"; // {"id": request}
inline constexpr const char* notificationExit = "exit";
// Notifications of the engine.
inline constexpr const char* notificationProgress =
    "$/progress"; // {"id": request, "phase": text, "fraction": 0..1 or -1}
inline constexpr const char* notificationLog = "$/log"; // {"level": text, "text": text}
inline constexpr const char* notificationDocument =
    "document/changed"; // {"what": "stage"|"run"|"chunks"|"tensors", "id": row}

struct InitializeParams
{
    int protocolVersion = 0;
    std::string client; // name and version
};

struct InitializeResult
{
    int protocolVersion = 0;
    std::string engineVersion;
    std::string torchVersion;
    std::vector<std::string> devices;
    std::string cudaRecording; // empty when CUPTI can record here, else the reason in one sentence
};

struct OpenParams
{
    std::string model;
    std::string document; // the file to write; its folder is the only one the engine may write to
                          // from then on
    std::vector<std::string> operatorLibraries;
};

struct MissingOperator
{
    std::string name;
    std::string library;  // the package that provides it; empty if that is not known
    std::string neededBy; // the function of the first call, with its line
};

struct OpenResult
{
    std::string document;
    std::string modelHash;
    std::vector<std::string> problems;             // what could not be read, a sentence each
    std::vector<MissingOperator> missingOperators; // that can be read but not run here
    std::vector<std::string>
        rights; // how the engine was confined, and what the kernel lacks for it
};

struct InlineParams
{
    std::string module;
    std::string method = "forward";
};

struct StageResult
{
    std::int64_t stage = 0; // row of the table `stage`
};

struct ApplyParams
{
    std::int64_t stage = 0; // of kind inlined or pass
    std::string pass;
    std::map<std::string, std::string> arguments;
};

struct ApplyResult
{
    std::int64_t stage = 0;
    bool changed = false;
    std::string message;
};

struct RunParams
{
    std::int64_t stage = 0;          // of kind inlined or pass
    std::vector<std::string> inputs; // see profiler/record/recorder.h
    std::string device = "cpu";
    int warmups = 2;
    int iterations = 10;
    int threads = 0;
    std::string mode = "executor"; // or "interpret"
    bool observeTypes = true;      // execute once more, to tell what tensors the values are
};

struct RunResult
{
    std::int64_t run = 0; // row of the table `run`, which holds the verdict
    std::int64_t executedStage = 0;
};

// The catalogue as the window needs it; the same as `jitscope-cli passes --list --json`.
struct PassDescription
{
    struct Argument
    {
        std::string name;
        std::string meaning;
        std::string defaultValue;         // one that is a number takes whole numbers only
        std::vector<std::string> choices; // the values it may have; empty when it may have any
    };
    std::string name;
    std::string label;
    std::string category;
    std::string effect;
    std::vector<std::string> needs;
    std::vector<Argument> arguments;
    bool available = true;
    std::string reason;
};

// Codes of JSON-RPC 2.0 itself.
inline constexpr int rpcParseError = -32700;
inline constexpr int rpcInvalidRequest = -32600;
inline constexpr int rpcMethodNotFound = -32601;
inline constexpr int rpcInvalidParams = -32602;

// A field of a message is missing or wrong; what() is a sentence that names it.
class InvalidMessage : public std::runtime_error
{
    using std::runtime_error::runtime_error;
};

// from_json throws InvalidMessage; Connection turns it into an answer. Fields that this version
// does not know are ignored.
#define JITSCOPE_MESSAGE(Type)                                                                     \
    void to_json(nlohmann::json& json, const Type& value);                                         \
    void from_json(const nlohmann::json& json, Type& value);
JITSCOPE_MESSAGE(InitializeParams)
JITSCOPE_MESSAGE(InitializeResult)
JITSCOPE_MESSAGE(OpenParams)
JITSCOPE_MESSAGE(MissingOperator)
JITSCOPE_MESSAGE(OpenResult)
JITSCOPE_MESSAGE(InlineParams)
JITSCOPE_MESSAGE(StageResult)
JITSCOPE_MESSAGE(ApplyParams)
JITSCOPE_MESSAGE(ApplyResult)
JITSCOPE_MESSAGE(RunParams)
JITSCOPE_MESSAGE(RunResult)
JITSCOPE_MESSAGE(PassDescription::Argument)
JITSCOPE_MESSAGE(PassDescription)
#undef JITSCOPE_MESSAGE

// An Error as the `error` member of an answer, and back. code: -32000 - ErrorCode; data: {kind,
// where, remedy}.
[[nodiscard]] nlohmann::json errorToJson(const Error& error);
[[nodiscard]] Error errorFromJson(const nlohmann::json& json);

} // namespace jitscope::protocol
