namespace KubeLessons.Simulator.Kubelet.Runtime;

/// <summary>
/// What a call to the container runtime came to: a routine fills it in before it ends. The error has gRPC's words
/// (<c>rpc error: code = Unknown desc = …</c>).
/// </summary>
public sealed class CriResult<T>
    where T : class
{
    public T? Value { get; private set; }

    public string? Error { get; private set; }

    public bool IsSuccess => Value is not null;

    public void Succeed(T value) => Value = value;

    public void Fail(string description, string code = "Unknown") => Error = $"rpc error: code = {code} desc = {description}";
}
