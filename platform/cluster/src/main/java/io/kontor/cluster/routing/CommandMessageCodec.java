package io.kontor.cluster.routing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.GenericCommandResultMessage;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * Encodes commands and their results: the serializer's values in sequence, each with its length
 * before it.
 */
public final class CommandMessageCodec {
  private final Serializer serializer;

  public CommandMessageCodec(Serializer serializer) {
    this.serializer = serializer;
  }

  byte[] command(CommandMessage<?> command) {
    return written(
        out -> {
          out.writeUTF(command.getIdentifier());
          out.writeUTF(command.getCommandName());
          metaData(out, command.getMetaData());
          object(out, command.getPayload());
        });
  }

  /** Decodes the output of {@link #command}. */
  CommandMessage<Object> command(byte[] bytes) {
    return read(
        bytes,
        in -> {
          String id = in.readUTF();
          String name = in.readUTF();
          MetaData metaData = metaData(in);
          return new GenericCommandMessage<>(new GenericMessage<>(id, object(in), metaData), name);
        });
  }

  /**
   * Encodes a result, or a rejection with its reason.
   *
   * @throws IllegalArgumentException for any other failure
   */
  byte[] result(CommandResultMessage<?> result) {
    return written(
        out -> {
          out.writeBoolean(result.isExceptional());
          metaData(out, result.getMetaData());
          if (!result.isExceptional()) {
            object(out, result.getPayload());
          } else if (result.exceptionResult() instanceof CommandExecutionException rejected) {
            out.writeUTF(String.valueOf(rejected.getMessage()));
            object(out, rejected.getDetails().orElse(null));
          } else {
            throw new IllegalArgumentException("not a refusal", result.exceptionResult());
          }
        });
  }

  /** Decodes the output of {@link #result(CommandResultMessage)}. */
  <R> CommandResultMessage<R> result(byte[] bytes) {
    return read(
        bytes,
        in -> {
          boolean rejected = in.readBoolean();
          MetaData metaData = metaData(in);
          if (rejected) {
            String message = in.readUTF();
            return new GenericCommandResultMessage<R>(
                new CommandExecutionException(message, null, object(in), false), metaData);
          }
          @SuppressWarnings("unchecked") // the caller chose the result type
          R payload = (R) object(in);
          return new GenericCommandResultMessage<R>(payload, metaData);
        });
  }

  private void metaData(DataOutputStream out, MetaData metaData) throws IOException {
    bytes(out, serializer.serialize(metaData, byte[].class).getData());
  }

  private MetaData metaData(DataInputStream in) throws IOException {
    return serializer.deserialize(new SerializedMetaData<>(bytes(in), byte[].class));
  }

  private void object(DataOutputStream out, @Nullable Object object) throws IOException {
    out.writeBoolean(object != null);
    if (object != null) {
      SerializedObject<byte[]> form = serializer.serialize(object, byte[].class);
      out.writeUTF(form.getType().getName());
      bytes(out, form.getData());
    }
  }

  private @Nullable Object object(DataInputStream in) throws IOException {
    if (!in.readBoolean()) {
      return null;
    }
    String type = in.readUTF();
    return serializer.deserialize(
        new SimpleSerializedObject<>(bytes(in), byte[].class, type, null));
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a length of %d is not what follows".formatted(length));
    }
    return in.readNBytes(length);
  }

  private static byte[] written(Writing writing) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      writing.to(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static <T> T read(byte[] bytes, Reading<T> reading) {
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      return reading.from(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }
}
