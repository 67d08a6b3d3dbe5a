using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static readonly Device CPU = new(DeviceType.CPU, -1);
    public static readonly Device META = new(DeviceType.META, -1);
    private static Device? cudaDevice;
    private static Device defaultDevice = new(DeviceType.CPU, -1);

    public static Device CUDA => cudaDevice ??= InitializeDevice(new Device(DeviceType.CUDA, -1));

    public static Device device(string description) => InitializeDevice(new Device(description));

    public static Device device(string deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(DeviceType deviceType, int index = -1) => InitializeDevice(new Device(deviceType, index));

    public static Device device(int index) => new(DeviceType.CUDA, index);

    public static Device get_default_device() => defaultDevice;

    public static void set_default_device(Device device)
    {
        ArgumentNullException.ThrowIfNull(device);
        defaultDevice = device;
    }

    public static void set_default_device(string device) => set_default_device(new Device(device));

    public static bool TryInitializeDeviceType(DeviceType deviceType) => deviceType switch
    {
        DeviceType.MPS => false,
        DeviceType.CUDA => cuda.is_available(),
        _ => true,
    };

    public static void InitializeDeviceType(DeviceType deviceType)
    {
        if (!TryInitializeDeviceType(deviceType))
            throw new InvalidOperationException($"Torch device type {deviceType} did not initialise on the current machine.");
    }

    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        private static readonly Lazy<bool> available = new(() => NativeMethods.torchsharp_cuda_is_available() != 0);

        public static bool is_available() => available.Value;

        public static bool is_cudnn_available() => is_available() && NativeMethods.torchsharp_cudnn_is_available() != 0;

        public static unsafe int device_count()
        {
            NativeMethods.Check(NativeMethods.torchsharp_cuda_device_count(out int count));
            return count;
        }

        public static unsafe void manual_seed(long seed) => NativeMethods.Check(NativeMethods.torchsharp_cuda_manual_seed(seed, 0));

        public static unsafe void manual_seed_all(long seed) => NativeMethods.Check(NativeMethods.torchsharp_cuda_manual_seed(seed, 1));

        public static unsafe void synchronize(Device? device = null)
        {
            InitializeDeviceType(DeviceType.CUDA);
            NativeMethods.Check(NativeMethods.torchsharp_cuda_synchronize(device?.index ?? -1));
        }
    }
}
