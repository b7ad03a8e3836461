// The bytecode of a lite-interpreter file (torch's _save_for_lite_interpreter), read without
// LibTorch. Every index in it was checked: instructions name operators, constants and types that
// are there. Plain data.
#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jitscope::archive {

// torch/csrc/jit/runtime/instruction.h of LibTorch 2.11, in its order.
enum class OpCode : std::uint8_t
{
    Op,
    OpN,
    Load,
    Move,
    StoreN,
    Store,
    Drop,
    DropR,
    LoadC,
    Jf,
    Jmp,
    Loop,
    Ret,
    Wait,
    Call,
    Guard,
    TypeCheck,
    FailGuard,
    ProfileOp,
    TailCall,
    InterfaceCall,
    GetAttr,
    SetAttr,
    ListUnpack,
    TupleConstruct,
    NamedTupleConstruct,
    ListConstruct,
    DictConstruct,
    CreateObject,
    IsInstance,
    TupleSlice,
    TupleIndex,
    RaiseException,
    DictIndex,
    UncheckedCast,
    Is,
    UnInitialized,
    IsNot,
    Format,
    Device,
    DType,
    Dim,
    Not,
    ToList,
    NumToTensor,
    IsCuda,
    Fork,
    Warn,
    Enter,
    Exit,
    Awaitable,
};

struct Instruction
{
    OpCode code = OpCode::Ret;
    std::int64_t x = 0; // what they mean depends on the code
    std::int64_t n = 0;
};

struct BytecodeOperator
{
    std::string name; // "aten::conv2d"
    std::string overload;
    std::int64_t arguments = -1; // how many it takes from the stack; -1 for as many as the
                                 // instruction or the schema says
};

struct BytecodeConstant
{
    std::string type; // "int", "str", "Tensor", ...
    std::string text; // readable, shortened when long
};

struct BytecodeArgument
{
    std::string name;
    std::string type;
    std::string defaultValue; // empty for none
};

struct BytecodeFunction
{
    std::string name; // "__torch__.Net.forward"
    std::vector<Instruction> instructions;
    std::vector<BytecodeOperator> operators;
    std::vector<BytecodeConstant> constants;
    std::vector<std::string> types;
    std::uint64_t registers = 0;             // numbered from 1
    std::vector<BytecodeArgument> arguments; // empty in files before version 5
    std::vector<BytecodeArgument> returns;
    std::vector<std::int64_t> debugHandles; // one for each instruction, or empty
};

struct Bytecode
{
    std::int64_t version = 0;
    std::vector<BytecodeFunction> functions;
};

// An instance in the module tree, or another object that the model holds.
struct LiteObject
{
    std::string path; // from the root, whose path is empty: "layer1.0.conv1"
    std::string type; // "__torch__.torch.nn.modules.conv.Conv2d"
    std::uint32_t parent = 0;
    bool isModule = false; // as far as its type tells
    // In order of their slots, by which the bytecode reads them.
    struct Attribute
    {
        std::string name;
        std::string type;                    // "Tensor", "int", ...
        std::string text;                    // of a plain value
        std::optional<std::uint32_t> object; // index of the object it is
    };
    std::vector<Attribute> attributes;
};

// One call in the chain that was inlined into the method.
struct LiteCall
{
    std::string type;     // of the module that is called
    std::string instance; // its name in its parent; "SELF" for the same module
    std::string function;
    std::int64_t place = 0; // tag of the call's place
};

struct LiteDebug
{
    std::int64_t place = 0;      // tag of a LitePlace; 0 for none
    std::string node;            // kind of the node it was: "aten::conv2d"
    std::vector<LiteCall> calls; // outermost first
};

struct LitePlace
{
    std::string file;
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct LiteModel
{
    Bytecode bytecode;
    std::vector<LiteObject> objects;                        // the root first
    std::vector<std::pair<std::int64_t, LiteDebug>> debug;  // by handle, in its order
    std::vector<std::pair<std::int64_t, LitePlace>> places; // by tag, in its order
    std::vector<std::string> problems; // what could not be read, a sentence each
};

// Reads the bytecode, the objects and, where the file has it, the debug information. The file is
// one that inspect() calls LiteInterpreter and Ok.
[[nodiscard]] Result<LiteModel> readLiteModel(const std::filesystem::path& file);

[[nodiscard]] std::string_view codeName(OpCode code); // "LOADC"
[[nodiscard]] bool isOperatorCall(const Instruction& instruction);
// Of the form that LibTorch prints: "OPN 7 1".
[[nodiscard]] std::string printed(const Instruction& instruction);

} // namespace jitscope::archive
