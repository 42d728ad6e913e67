package io.kontor.app.messaging;

import java.lang.reflect.Array;
import java.util.List;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.jackson3.Jackson3Serializer;

/**
 * Serializes commands, queries and their results between nodes. A list is sent as an array, since
 * only an array's type carries the element type.
 */
public final class MessageSerializer extends Jackson3Serializer {
  public MessageSerializer(Builder settings) {
    super(settings);
  }

  @Override
  public <T> SerializedObject<T> serialize(Object object, Class<T> as) {
    return super.serialize(object instanceof List<?> list ? typed(list) : object, as);
  }

  private static Object typed(List<?> list) {
    if (list.isEmpty()) {
      return list;
    }
    Class<?> type = list.getFirst().getClass();
    if (list.stream().anyMatch(element -> element.getClass() != type)) {
      throw new IllegalArgumentException("a list of several types can't be sent: " + list);
    }
    return list.toArray((Object[]) Array.newInstance(type, list.size()));
  }
}
