package io.kontor.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.kontor.api.Rejection;
import io.kontor.api.account.AccountCommand;
import io.kontor.api.account.AccountResult;
import io.kontor.api.datasubject.ForgetDataSubject;
import io.kontor.api.endofday.BankDayCommand;
import io.kontor.api.endofday.BankDayResult;
import io.kontor.api.endofday.ConditionsResult;
import io.kontor.api.endofday.SetConditions;
import io.kontor.api.inventory.InventoryCommand;
import io.kontor.api.inventory.InventoryResult;
import io.kontor.api.inventory.Sku;
import io.kontor.api.money.Money;
import io.kontor.api.order.OrderCommand;
import io.kontor.api.order.OrderResult;
import io.kontor.api.payment.PaymentCommand;
import io.kontor.api.payment.PaymentResult;
import io.kontor.api.shipment.ShipmentCommand;
import io.kontor.api.shipment.ShipmentResult;
import io.kontor.api.transfer.TransferMoney;
import io.kontor.app.messaging.MessagingConfiguration;
import io.kontor.personaldata.SealedText;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantId;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.distributed.AnnotationRoutingStrategy;
import org.axonframework.commandhandling.distributed.UnresolvedRoutingKeyPolicy;
import org.axonframework.serialization.Serializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages to and from other nodes survive serialization unchanged. */
@Tag("fast")
class MessagesCrossNodesTest {
  private static final UUID ID = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

  private final Serializer serializer = new MessagingConfiguration().messageSerializer();

  static Stream<Class<?>> commands() {
    return types(
        AccountCommand.class,
        TransferMoney.class,
        InventoryCommand.class,
        OrderCommand.class,
        PaymentCommand.class,
        ShipmentCommand.class,
        BankDayCommand.class,
        SetConditions.class,
        ForgetDataSubject.class);
  }

  static Stream<Class<?>> answers() {
    return types(
        Rejection.class,
        AccountResult.class,
        InventoryResult.class,
        OrderResult.class,
        PaymentResult.class,
        ShipmentResult.class,
        TransferMoney.Booked.class,
        BankDayResult.class,
        ConditionsResult.class,
        ForgetDataSubject.Forgotten.class);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandArrivesAsItWasAndGoesToTheOwnerOfAStream(Class<?> type) throws Exception {
    Object command = sample(type, "");
    assertThat(sent(command)).isEqualTo(command);
    String key =
        AnnotationRoutingStrategy.builder()
            .fallbackRoutingStrategy(UnresolvedRoutingKeyPolicy.ERROR)
            .build()
            .getRoutingKey(new GenericCommandMessage<>(command));
    assertThat(StreamId.parse(key).tenant()).isEqualTo(new TenantId("acme"));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerAndARefusalComeBackAsTheyWere(Class<?> type) throws Exception {
    Object answer = sample(type, "");
    assertThat(sent(answer)).isEqualTo(answer);
  }

  private Object sent(Object message) {
    return serializer.deserialize(serializer.serialize(message, byte[].class));
  }

  private static Stream<Class<?>> types(Class<?>... roots) {
    return Stream.of(roots)
        .flatMap(root -> root.isSealed() ? types(root.getPermittedSubclasses()) : Stream.of(root));
  }

  private static Object sample(Type type, String name) throws Exception {
    if (type instanceof ParameterizedType generic) {
      Type[] of = generic.getActualTypeArguments();
      return generic.getRawType() == Map.class
          ? Map.of(sample(of[0], name), sample(of[1], name))
          : List.of(sample(of[0], name));
    }
    Class<?> plain = (Class<?>) type;
    if (plain == UUID.class) {
      return ID;
    } else if (plain == String.class) {
      return switch (name) {
        case "iban" -> "DE89370400440532013000";
        case "zone" -> "Europe/Berlin";
        default -> "text";
      };
    } else if (plain == long.class || plain == Long.class) {
      return 5L;
    } else if (plain == int.class || plain == Integer.class) {
      return 1;
    } else if (plain == boolean.class) {
      return true;
    } else if (plain == Instant.class) {
      return Instant.parse("2026-01-31T12:00:00.123Z");
    } else if (plain == LocalDate.class) {
      return LocalDate.parse("2026-01-31");
    } else if (plain == Currency.class) {
      return Currency.getInstance("EUR");
    } else if (plain == Money.class) {
      return new Money(1_250, Currency.getInstance("EUR"));
    } else if (plain == TenantId.class) {
      return new TenantId("acme");
    } else if (plain == SealedText.class) {
      return SealedText.inTheClear("cust-42", "Ada Lovelace");
    } else if (plain == Sku.class) {
      return new Sku("A-1");
    } else if (plain.isEnum()) {
      return plain.getEnumConstants()[0];
    } else if (plain.isSealed()) {
      return sample(plain.getPermittedSubclasses()[0], name);
    }
    return recordOf(plain);
  }

  private static Object recordOf(Class<?> type) throws Exception {
    RecordComponent[] components = type.getRecordComponents();
    var values = new Object[components.length];
    var types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = sample(components[i].getGenericType(), components[i].getName());
      types[i] = components[i].getType();
    }
    var constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor.newInstance(values);
  }
}
