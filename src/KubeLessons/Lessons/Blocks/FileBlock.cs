namespace KubeLessons.Lessons;

/// <summary><c>yaml {file=nginx-pod.yaml}</c>: writes a file into the learner's working folder when the lesson reaches it.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Attributes">What any block may say; <c>on</c> names the node that gets the file.</param>
/// <param name="Path">The path below the working folder, with <c>/</c> and never leaving the folder.</param>
/// <param name="Content">The file's text, ending in a line break.</param>
public sealed record FileBlock(SourcePosition Position, BlockAttributes Attributes, string Path, string Content)
    : Block(Position, Attributes);
