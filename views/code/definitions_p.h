// Where methods and functions are defined, in Python and in serialized code. Private to views/code.
#pragma once

#include "views/code/code_text_p.h"

#include <optional>
#include <string>

namespace jitscope::views {

// Where a function is defined in serialized code: the record, and the line of its "def", from 0.
// Empty when it is not found. `qualifiedName` is such as "__torch__.net.Block.forward".
struct SerializedDefinition
{
    const document::CodeRow* code = nullptr;
    int line = 0;
};
[[nodiscard]] std::optional<SerializedDefinition>
serializedDefinition(const std::string& qualifiedName, const DocumentContent& content);

// A function in both texts, as far as it is known where it is.
struct Definition
{
    std::string name;      // the last part of the qualified one
    QString file;          // of Python; empty if no node of it has a line
    int firstLine = 0;     // of the file, that of its first node
    std::int64_t code = 0; // row of the table `code`; 0 if it is not found
    int codeLine = 0;      // of its "def", from 0
};
[[nodiscard]] Definition definitionOf(const document::FunctionRow& function,
                                      const DocumentContent& content,
                                      const document::NodeIndex& nodes);

// The line of a Python text, from 0, at which the definition begins: its "def", or if that is not
// to be seen the line of its first node. -1 when neither is in the text.
[[nodiscard]] int lineOf(const Definition& definition, const CodeText& text);

// What a module does when it is called: its forward, else its first method. Null if it has none.
[[nodiscard]] const document::FunctionRow* mainMethod(const document::ModuleRow& module,
                                                      const DocumentContent& content);

// Whether there is a text of a Python file: it is here, or the model carries some of it.
[[nodiscard]] bool isReadable(const QString& file, const DocumentContent& content);

// The Python file to show first when nothing better is known: one that can be read, written for the
// model rather than installed, with the most nodes. Empty when none can be read.
[[nodiscard]] QString likeliestFile(const DocumentContent& content,
                                    const document::NodeIndex& nodes);

} // namespace jitscope::views
