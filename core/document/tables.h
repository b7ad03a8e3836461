// The tables of a document, declared once. Each list gives the columns of one table as
// X(C++ type, name, SQL declaration, what it means); rows.h makes the row types of them, schema.cpp
// the DDL and docs/document-format.md. Times are nanoseconds of the steady clock of the recording
// machine unless a column says otherwise; ids are 1 and up, 0 means "none".
#pragma once

// clang-format off

#define JITSCOPE_INFO_COLUMNS(X) \
    X(std::string, name, "TEXT PRIMARY KEY", "what is told: model_path, model_hash, model_kind, model_bytes (size of the file), torch_version, created_at (UTC, ISO 8601), jitscope_version, operator_libraries (paths as a JSON list), file_facts (what the check of the file found, a JSON object with the names of `jitscope-cli info --json`), writer (the process that writes it, while one does)") \
    X(std::string, value, "TEXT NOT NULL", "its value")

#define JITSCOPE_MODULE_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity; 1 is the root") \
    X(std::int64_t, parent, "INTEGER NOT NULL", "the module it is a child of; 0 for the root") \
    X(std::string, path, "TEXT NOT NULL UNIQUE", "attribute path from the root, such as layer1.0.conv1; empty for the root") \
    X(std::string, class_name, "TEXT NOT NULL", "Python class, such as Conv2d") \
    X(std::string, type_name, "TEXT NOT NULL", "TorchScript's qualified type name")

#define JITSCOPE_METHOD_COLUMNS(X) \
    X(std::int64_t, module, "INTEGER NOT NULL", "the instance") \
    X(std::string, name, "TEXT NOT NULL", "such as forward") \
    X(std::int64_t, function, "INTEGER NOT NULL", "its body; instances of one type share it")

#define JITSCOPE_FUNCTION_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::string, name, "TEXT NOT NULL", "qualified name, as LibTorch has it") \
    X(std::string, schema, "TEXT NOT NULL", "arguments and results with their types") \
    X(std::int64_t, is_method, "INTEGER NOT NULL", "1 for a method, 0 for a free function") \
    X(std::int64_t, graph, "INTEGER NOT NULL", "its graph in the stage `loaded`")

#define JITSCOPE_CALL_CANDIDATE_COLUMNS(X) \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of the call in `loaded`") \
    X(std::int64_t, function, "INTEGER NOT NULL", "a method that it may reach; one row each")

#define JITSCOPE_MISSING_OPERATOR_COLUMNS(X) \
    X(std::string, name, "TEXT PRIMARY KEY", "such as torchvision::nms") \
    X(std::string, library, "TEXT NOT NULL", "the package that provides it; empty if that is not known") \
    X(std::int64_t, is_guessed, "INTEGER NOT NULL", "1 if its schema was made up from its calls in the code") \
    X(std::int64_t, calls, "INTEGER NOT NULL", "how many nodes call it, as loaded") \
    X(std::int64_t, first_call, "INTEGER NOT NULL", "key of the first of them") \
    X(std::string, needed_by, "TEXT NOT NULL", "the function of that node, and its Python line where it is known")

#define JITSCOPE_PROBLEM_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity, in the order of their weight") \
    X(std::string, code, "TEXT NOT NULL", "for programs, such as checksum; docs/command-line.md lists them") \
    X(std::string, record, "TEXT NOT NULL", "of the archive; empty for the file as a whole") \
    X(std::string, message, "TEXT NOT NULL", "what is wrong, a sentence") \
    X(std::string, remedy, "TEXT NOT NULL", "what to do; may be empty")

#define JITSCOPE_ARCHIVE_RECORD_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity, in the order of the archive") \
    X(std::string, archive, "TEXT NOT NULL", "the record of the file in which it lies, for the model in a TorchServe archive; else empty") \
    X(std::string, name, "TEXT NOT NULL", "without the archive's top folder") \
    X(std::int64_t, bytes, "INTEGER NOT NULL", "its size") \
    X(std::int64_t, stored_bytes, "INTEGER NOT NULL", "its size in the file; smaller when it is compressed") \
    X(std::int64_t, crc32, "INTEGER NOT NULL", "checksum as the archive's directory says") \
    X(std::string, checksum, "TEXT NOT NULL", "holds, fails or unread: whether the content was read and fits it") \
    X(std::string, content, "TEXT NOT NULL", "what the record is, such as weights")

#define JITSCOPE_TENSOR_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::string, name, "TEXT NOT NULL", "attribute path, such as layer1.0.conv1.weight, or the record of a constant") \
    X(std::string, role, "TEXT NOT NULL", "parameter, buffer, constant or attribute") \
    X(std::string, dtype, "TEXT NOT NULL", "such as float32") \
    X(std::string, device, "TEXT NOT NULL", "where the file says it lives") \
    X(std::string, shape, "TEXT NOT NULL", "sizes as a JSON list") \
    X(std::string, strides, "TEXT NOT NULL", "strides in elements as a JSON list") \
    X(std::int64_t, bytes, "INTEGER NOT NULL", "bytes of its elements") \
    X(std::string, storage, "TEXT NOT NULL", "the same for tensors that share memory; the record of the archive that holds it, if known") \
    X(std::int64_t, storage_bytes, "INTEGER NOT NULL", "bytes of the whole storage; to be counted once for tensors that share it") \
    X(std::int64_t, storage_offset, "INTEGER NOT NULL", "where in the storage the first element is, in elements") \
    X(std::string, layout, "TEXT NOT NULL", "strided, or the layout of a tensor without strides, such as sparse_coo") \
    X(std::string, quantization, "TEXT NOT NULL", "of a quantized tensor a JSON object: scheme, and scale and zero_point, or axis, scales and zero_points; else empty") \
    X(std::int64_t, requires_grad, "INTEGER NOT NULL", "1 if it was trained")

#define JITSCOPE_TENSOR_STATISTICS_COLUMNS(X) \
    X(std::int64_t, tensor, "INTEGER PRIMARY KEY", "the tensor") \
    X(std::string, measure, "TEXT NOT NULL", "what was measured of each element: value, magnitude (complex numbers) or dequantized") \
    X(std::int64_t, elements, "INTEGER NOT NULL", "number of elements") \
    X(std::int64_t, zeros, "INTEGER NOT NULL", "how many of them are zero") \
    X(std::int64_t, nan, "INTEGER NOT NULL", "how many are not a number") \
    X(std::int64_t, positive_infinity, "INTEGER NOT NULL", "how many are +Inf") \
    X(std::int64_t, negative_infinity, "INTEGER NOT NULL", "how many are -Inf") \
    X(double, minimum, "REAL", "smallest finite element; NULL if no element is finite, as for the next three") \
    X(double, maximum, "REAL", "largest finite element") \
    X(double, mean, "REAL", "sum of the finite elements by their number, summed in double precision") \
    X(double, deviation, "REAL", "square root of the mean squared difference of the finite elements from their mean (divided by their number, not by one less)") \
    X(std::string, histogram, "TEXT NOT NULL", "JSON list: how many finite elements lie in each of 64 equal bins from minimum to maximum, the last closed; empty if none is finite; all in the first bin if all are equal") \
    X(std::int64_t, channels, "INTEGER NOT NULL", "size of the first dimension if tensor_channel has its ranges, else 0") \
    X(std::int64_t, channel_step, "INTEGER NOT NULL", "how many indices of the first dimension one row of tensor_channel covers") \
    X(std::string, problem, "TEXT NOT NULL", "why there are no statistics, a sentence; empty if there are")

#define JITSCOPE_TENSOR_CHANNEL_COLUMNS(X) \
    X(std::int64_t, tensor, "INTEGER NOT NULL", "the tensor") \
    X(std::int64_t, channel, "INTEGER NOT NULL", "index of the first dimension, the first of channel_step") \
    X(double, minimum, "REAL", "smallest finite element there; NULL if none is finite") \
    X(double, maximum, "REAL", "largest finite element there")

#define JITSCOPE_CODE_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::string, record, "TEXT NOT NULL", "record of the archive that holds this serialized code") \
    X(std::string, text, "TEXT NOT NULL", "the code")

#define JITSCOPE_SOURCE_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::string, file, "TEXT NOT NULL", "path of the Python file on the machine that made the model") \
    X(std::int64_t, first_line, "INTEGER NOT NULL", "the line of the file at which the text begins") \
    X(std::string, text, "TEXT NOT NULL", "the piece of source that the model carries")

#define JITSCOPE_GRAPH_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::string, hash, "TEXT NOT NULL", "hash of the encoded graph") \
    X(std::int64_t, base, "INTEGER NOT NULL", "the graph against which the body is compressed; 0 for none") \
    X(std::int64_t, size, "INTEGER NOT NULL", "bytes of the encoded graph") \
    X(std::vector<std::byte>, body, "BLOB NOT NULL", "the graph (core/ir/codec.h), compressed with zstd") \
    X(std::int64_t, node_count, "INTEGER NOT NULL", "nodes in all nested blocks, constants included") \
    X(std::int64_t, block_count, "INTEGER NOT NULL", "blocks, its own included") \
    X(std::int64_t, value_count, "INTEGER NOT NULL", "graph inputs, block inputs and node outputs") \
    X(std::int64_t, use_count, "INTEGER NOT NULL", "node inputs and block outputs")

#define JITSCOPE_STAGE_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity; 1 is the stage `loaded`") \
    X(std::int64_t, parent, "INTEGER NOT NULL", "the stage it was made from; 0 for `loaded`") \
    X(std::string, kind, "TEXT NOT NULL", "loaded, inlined, pass or executed") \
    X(std::string, label, "TEXT NOT NULL", "for people, such as fold batch norm") \
    X(std::string, pass, "TEXT NOT NULL", "name of the pass, for kind pass") \
    X(std::string, arguments, "TEXT NOT NULL", "arguments of the pass as a JSON object") \
    X(std::string, module, "TEXT NOT NULL", "path of the instance whose method this is") \
    X(std::string, method, "TEXT NOT NULL", "the method; empty for `loaded`, which holds all functions") \
    X(std::int64_t, graph, "INTEGER NOT NULL", "its graph; 0 for `loaded`") \
    X(std::int64_t, duration_ns, "INTEGER NOT NULL", "how long making it took") \
    X(std::int64_t, changed, "INTEGER NOT NULL", "1 if the graph differs from the parent's") \
    X(std::string, message, "TEXT NOT NULL", "what the pass said, if anything")

#define JITSCOPE_NAME_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity; 0 is the empty string") \
    X(std::string, text, "TEXT NOT NULL UNIQUE", "a node kind, module path, function name or source file")

#define JITSCOPE_NODE_COLUMNS(X) \
    X(std::int64_t, key, "INTEGER PRIMARY KEY", "the node's name for good; it survives passes") \
    X(std::int64_t, kind, "INTEGER NOT NULL", "name: the kind it had when it was made") \
    X(std::int64_t, module_path, "INTEGER NOT NULL", "name: the module instance; empty for the root and in `loaded`") \
    X(std::int64_t, function, "INTEGER NOT NULL", "name: the function in whose body it was written") \
    X(std::int64_t, ordinal, "INTEGER NOT NULL", "its number in that function's graph of `loaded`; -1 for nodes made by a pass") \
    X(std::int64_t, file, "INTEGER NOT NULL", "name: the Python file") \
    X(std::int64_t, line, "INTEGER NOT NULL", "line in the file, from 1; 0 if unknown") \
    X(std::int64_t, column, "INTEGER NOT NULL", "column in the line, from 1; 0 if unknown") \
    X(std::int64_t, code, "INTEGER NOT NULL", "code: the file of serialized code it was read from; 0 if unknown, and for nodes of later stages") \
    X(std::int64_t, code_line, "INTEGER NOT NULL", "line in that file, from 1; 0 if unknown") \
    X(std::int64_t, stage, "INTEGER NOT NULL", "the stage in which it first appeared")

#define JITSCOPE_NODE_ORIGIN_COLUMNS(X) \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of a node that a pass or the executor made") \
    X(std::int64_t, origin, "INTEGER NOT NULL", "key of a node of the parent stage it came from; one row each")

#define JITSCOPE_RUN_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::int64_t, stage, "INTEGER NOT NULL", "the stage that was run") \
    X(std::int64_t, executed_stage, "INTEGER NOT NULL", "the plan that the last iteration followed, a stage of kind executed; the same as stage in mode interpret") \
    X(std::string, mode, "TEXT NOT NULL", "executor (its own plan, followed step by step) or interpret (the stage as it stands)") \
    X(std::string, device, "TEXT NOT NULL", "such as cpu or cuda:0") \
    X(std::string, inputs, "TEXT NOT NULL", "the inputs as a JSON list of specifications") \
    X(std::int64_t, warmups, "INTEGER NOT NULL", "iterations before the recorded ones") \
    X(std::int64_t, iterations, "INTEGER NOT NULL", "recorded iterations") \
    X(std::int64_t, threads, "INTEGER NOT NULL", "intra-op threads") \
    X(std::string, environment, "TEXT NOT NULL", "versions, machine and settings as a JSON object") \
    X(std::string, started_at, "TEXT NOT NULL", "UTC, ISO 8601") \
    X(std::int64_t, epoch_offset_ns, "INTEGER NOT NULL", "add to a time of the steady clock for nanoseconds since 1970") \
    X(std::string, state, "TEXT NOT NULL", "recording, done, cancelled, failed or interrupted (the engine was lost); recording in a document that nobody writes is interrupted too, and becomes it when the document is written again") \
    X(std::int64_t, executed, "INTEGER NOT NULL", "nodes executed in the recorded iterations, by the recorder's own count") \
    X(std::int64_t, recorded, "INTEGER NOT NULL", "node slices stored") \
    X(std::int64_t, dropped, "INTEGER NOT NULL", "node slices lost because a buffer was full") \
    X(std::int64_t, launched, "INTEGER NOT NULL", "GPU kernels launched") \
    X(std::int64_t, kernels, "INTEGER NOT NULL", "GPU kernels recorded") \
    X(std::int64_t, unattributed, "INTEGER NOT NULL", "recorded GPU kernels without a node") \
    X(std::string, outputs_equal, "TEXT NOT NULL", "yes, no or unchecked: whether the outputs equal the stock executor's to the bit") \
    X(std::string, verdict, "TEXT NOT NULL", "what is missing in this recording, in sentences; empty if nothing")

#define JITSCOPE_ITERATION_COLUMNS(X) \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, number, "INTEGER NOT NULL", "from 0; warm-ups have negative numbers") \
    X(std::int64_t, start, "INTEGER NOT NULL", "when it began") \
    X(std::int64_t, end, "INTEGER NOT NULL", "when its outputs were ready") \
    X(std::int64_t, compile_ns, "INTEGER NOT NULL", "time spent in making or looking up the plan") \
    X(std::int64_t, plan, "INTEGER NOT NULL", "stage of kind executed that it followed; 0 in mode interpret")

#define JITSCOPE_OBSERVED_TYPE_COLUMNS(X) \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of a node of the run's stage; 0 for the method itself") \
    X(std::string, place, "TEXT NOT NULL", "output: of the node; parameter: of its first block (of a loop the trip count is the first), or of the method (self is the first)") \
    X(std::int64_t, position, "INTEGER NOT NULL", "which of them, from 0") \
    X(std::string, type, "TEXT NOT NULL", "such as Float(1, 64, 56, 56, device=cpu); * for a size that was not always the same, Tensor where nothing was")

#define JITSCOPE_NODE_CHUNK_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, thread, "INTEGER NOT NULL", "number of the thread, 0 is the one that called the method") \
    X(std::int64_t, t0, "INTEGER NOT NULL", "earliest start") \
    X(std::int64_t, t1, "INTEGER NOT NULL", "latest end") \
    X(std::int64_t, longest, "INTEGER NOT NULL", "longest duration, in nanoseconds") \
    X(std::int64_t, n, "INTEGER NOT NULL", "number of slices") \
    X(std::int64_t, unit, "INTEGER NOT NULL", "nanoseconds in one step of start and duration, usually 1") \
    X(std::vector<std::byte>, start, "BLOB NOT NULL", "n big-endian 32-bit numbers: start relative to t0, in units") \
    X(std::vector<std::byte>, duration, "BLOB NOT NULL", "n big-endian 32-bit numbers: duration, in units") \
    X(std::vector<std::byte>, node, "BLOB NOT NULL", "n big-endian 32-bit numbers: key of the node") \
    X(std::vector<std::byte>, iteration, "BLOB NOT NULL", "n big-endian 32-bit numbers: number of the iteration")

#define JITSCOPE_STRING_IDS_COLUMNS(X) \
    X(std::int64_t, id, "INTEGER PRIMARY KEY", "identity") \
    X(std::string, value, "TEXT NOT NULL", "name of a kernel or an API function")

#define JITSCOPE_RUNTIME_COLUMNS(X) \
    X(std::int64_t, start, "INTEGER NOT NULL", "when the call began") \
    X(std::int64_t, end, "INTEGER NOT NULL", "when it returned") \
    X(std::int64_t, globalTid, "INTEGER NOT NULL", "process id and thread id as Nsight Systems packs them") \
    X(std::int64_t, correlationId, "INTEGER NOT NULL", "joins with the activity it caused") \
    X(std::int64_t, nameId, "INTEGER NOT NULL", "StringIds: the function") \
    X(std::int64_t, returnValue, "INTEGER NOT NULL", "0 for success") \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of the node in which it was called; 0 if in none")

#define JITSCOPE_KERNEL_COLUMNS(X) \
    X(std::int64_t, start, "INTEGER NOT NULL", "when the kernel began on the GPU") \
    X(std::int64_t, end, "INTEGER NOT NULL", "when it ended") \
    X(std::int64_t, deviceId, "INTEGER NOT NULL", "GPU") \
    X(std::int64_t, contextId, "INTEGER NOT NULL", "CUDA context") \
    X(std::int64_t, streamId, "INTEGER NOT NULL", "CUDA stream") \
    X(std::int64_t, correlationId, "INTEGER NOT NULL", "joins with the runtime call that launched it") \
    X(std::int64_t, demangledName, "INTEGER NOT NULL", "StringIds: full name") \
    X(std::int64_t, shortName, "INTEGER NOT NULL", "StringIds: name without arguments") \
    X(std::int64_t, gridX, "INTEGER NOT NULL", "blocks") \
    X(std::int64_t, gridY, "INTEGER NOT NULL", "blocks") \
    X(std::int64_t, gridZ, "INTEGER NOT NULL", "blocks") \
    X(std::int64_t, blockX, "INTEGER NOT NULL", "threads") \
    X(std::int64_t, blockY, "INTEGER NOT NULL", "threads") \
    X(std::int64_t, blockZ, "INTEGER NOT NULL", "threads") \
    X(std::int64_t, registersPerThread, "INTEGER NOT NULL", "registers") \
    X(std::int64_t, staticSharedMemory, "INTEGER NOT NULL", "bytes") \
    X(std::int64_t, dynamicSharedMemory, "INTEGER NOT NULL", "bytes") \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of the node that launched it; 0 if none did")

#define JITSCOPE_MEMCPY_COLUMNS(X) \
    X(std::int64_t, start, "INTEGER NOT NULL", "when the copy began") \
    X(std::int64_t, end, "INTEGER NOT NULL", "when it ended") \
    X(std::int64_t, deviceId, "INTEGER NOT NULL", "GPU") \
    X(std::int64_t, contextId, "INTEGER NOT NULL", "CUDA context") \
    X(std::int64_t, streamId, "INTEGER NOT NULL", "CUDA stream") \
    X(std::int64_t, correlationId, "INTEGER NOT NULL", "joins with the runtime call that asked for it") \
    X(std::int64_t, bytes, "INTEGER NOT NULL", "bytes copied") \
    X(std::int64_t, copyKind, "INTEGER NOT NULL", "CUpti_ActivityMemcpyKind: 1 host to device, 2 device to host, 8 device to device") \
    X(std::int64_t, srcKind, "INTEGER NOT NULL", "CUpti_ActivityMemoryKind of the source") \
    X(std::int64_t, dstKind, "INTEGER NOT NULL", "CUpti_ActivityMemoryKind of the target") \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of the node that asked for it; 0 if none did")

#define JITSCOPE_MEMSET_COLUMNS(X) \
    X(std::int64_t, start, "INTEGER NOT NULL", "when the set began") \
    X(std::int64_t, end, "INTEGER NOT NULL", "when it ended") \
    X(std::int64_t, deviceId, "INTEGER NOT NULL", "GPU") \
    X(std::int64_t, contextId, "INTEGER NOT NULL", "CUDA context") \
    X(std::int64_t, streamId, "INTEGER NOT NULL", "CUDA stream") \
    X(std::int64_t, correlationId, "INTEGER NOT NULL", "joins with the runtime call that asked for it") \
    X(std::int64_t, value, "INTEGER NOT NULL", "the byte or word written") \
    X(std::int64_t, bytes, "INTEGER NOT NULL", "bytes set") \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of the node that asked for it; 0 if none did")

#define JITSCOPE_SYNCHRONIZATION_COLUMNS(X) \
    X(std::int64_t, start, "INTEGER NOT NULL", "when the wait began") \
    X(std::int64_t, end, "INTEGER NOT NULL", "when it ended") \
    X(std::int64_t, deviceId, "INTEGER NOT NULL", "GPU") \
    X(std::int64_t, contextId, "INTEGER NOT NULL", "CUDA context") \
    X(std::int64_t, streamId, "INTEGER NOT NULL", "CUDA stream") \
    X(std::int64_t, correlationId, "INTEGER NOT NULL", "joins with the runtime call") \
    X(std::int64_t, syncType, "INTEGER NOT NULL", "CUpti_ActivitySynchronizationType") \
    X(std::int64_t, run, "INTEGER NOT NULL", "the run") \
    X(std::int64_t, node, "INTEGER NOT NULL", "key of the node that waited; 0 if none did")

// X(row type, table name, columns, constraints beside the columns', what a row is)
#define JITSCOPE_TABLES(X) \
    X(InfoRow, info, JITSCOPE_INFO_COLUMNS, "", "One fact about the document.") \
    X(ModuleRow, module, JITSCOPE_MODULE_COLUMNS, "", "One module instance of the model.") \
    X(MethodRow, method, JITSCOPE_METHOD_COLUMNS, ", PRIMARY KEY (module, name)", "One method of one module instance.") \
    X(FunctionRow, function, JITSCOPE_FUNCTION_COLUMNS, "", "One method of a type or free function, with its graph as loaded.") \
    X(CallCandidateRow, call_candidate, JITSCOPE_CALL_CANDIDATE_COLUMNS, ", PRIMARY KEY (node, function)", "A method that a call through an interface may reach.") \
    X(MissingOperatorRow, missing_operator, JITSCOPE_MISSING_OPERATOR_COLUMNS, "", "One operator that no library provided when the model was opened: it can be read, not run.") \
    X(ProblemRow, problem, JITSCOPE_PROBLEM_COLUMNS, "", "Something about the file that whoever opens it should know. There since version 3.") \
    X(ArchiveRecordRow, archive_record, JITSCOPE_ARCHIVE_RECORD_COLUMNS, "", "One record of the model's archive. There since version 3.") \
    X(TensorRow, tensor, JITSCOPE_TENSOR_COLUMNS, "", "One parameter, buffer or constant.") \
    X(TensorStatisticsRow, tensor_statistics, JITSCOPE_TENSOR_STATISTICS_COLUMNS, "", "The statistics of one tensor, there when they were asked for.") \
    X(TensorChannelRow, tensor_channel, JITSCOPE_TENSOR_CHANNEL_COLUMNS, ", PRIMARY KEY (tensor, channel)", "The range of a tensor with two dimensions or more at one index of the first.") \
    X(CodeRow, code, JITSCOPE_CODE_COLUMNS, "", "One file of serialized code.") \
    X(SourceRow, source, JITSCOPE_SOURCE_COLUMNS, "", "One piece of original Python source carried by the model.") \
    X(GraphRow, graph, JITSCOPE_GRAPH_COLUMNS, "", "One immutable graph.") \
    X(StageRow, stage, JITSCOPE_STAGE_COLUMNS, "", "One snapshot of a method's graph: as loaded, after a pass, or as executed. Stages form a tree.") \
    X(NameRow, name, JITSCOPE_NAME_COLUMNS, "", "One interned string of the node table.") \
    X(NodeRow, node, JITSCOPE_NODE_COLUMNS, "", "One node, in whichever stages it appears. The view node_named has its names in full.") \
    X(NodeOriginRow, node_origin, JITSCOPE_NODE_ORIGIN_COLUMNS, ", PRIMARY KEY (node, origin)", "Which node a node was derived from.") \
    X(RunRow, run, JITSCOPE_RUN_COLUMNS, "", "One recorded execution of a stage.") \
    X(IterationRow, iteration, JITSCOPE_ITERATION_COLUMNS, ", PRIMARY KEY (run, number)", "One iteration of a run.") \
    X(ObservedTypeRow, observed_type, JITSCOPE_OBSERVED_TYPE_COLUMNS, ", PRIMARY KEY (run, node, place, position)", "What the tensor was that a value stood for when the run's stage was executed. There since version 3.") \
    X(NodeChunkRow, node_chunk, JITSCOPE_NODE_CHUNK_COLUMNS, "", "Node slices of one thread, as columns, in order of their end. The view node_slice has them as rows.") \
    X(StringIdsRow, StringIds, JITSCOPE_STRING_IDS_COLUMNS, "", "Names, as in the SQLite export of Nsight Systems.") \
    X(RuntimeRow, CUPTI_ACTIVITY_KIND_RUNTIME, JITSCOPE_RUNTIME_COLUMNS, "", "One call of the CUDA runtime or driver.") \
    X(KernelRow, CUPTI_ACTIVITY_KIND_KERNEL, JITSCOPE_KERNEL_COLUMNS, "", "One kernel.") \
    X(MemcpyRow, CUPTI_ACTIVITY_KIND_MEMCPY, JITSCOPE_MEMCPY_COLUMNS, "", "One copy by the GPU.") \
    X(MemsetRow, CUPTI_ACTIVITY_KIND_MEMSET, JITSCOPE_MEMSET_COLUMNS, "", "One memory set by the GPU.") \
    X(SynchronizationRow, CUPTI_ACTIVITY_KIND_SYNCHRONIZATION, JITSCOPE_SYNCHRONIZATION_COLUMNS, "", "One wait of the host for the GPU.")

// clang-format on
