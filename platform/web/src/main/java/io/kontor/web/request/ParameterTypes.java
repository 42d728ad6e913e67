package io.kontor.web.request;

import io.kontor.tenancy.Uuids;
import java.beans.PropertyEditorSupport;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.InitBinder;

/**
 * Strict parsing of parameters and path variables. Spring would also accept {@code 0x10}, {@code
 * #10}, {@code +10} and digits of other scripts, and trim spaces. These are editors, because Spring
 * retries with its own editors what a converter rejects.
 */
@ControllerAdvice
public final class ParameterTypes {
  private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

  @InitBinder
  void register(WebDataBinder binder) {
    binder.registerCustomEditor(Integer.class, new Reading(Digits::parseInt));
    binder.registerCustomEditor(Long.class, new Reading(Digits::parse));
    binder.registerCustomEditor(UUID.class, new Reading(Uuids::parse));
    binder.registerCustomEditor(Boolean.class, new Reading(ParameterTypes::truth));
    binder.registerCustomEditor(Enum.class, new Reading(ParameterTypes::constant));
  }

  private static Boolean truth(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("neither true nor false");
    };
  }

  /** Checks the form only; Spring looks up the constant. */
  private static String constant(String text) {
    if (!CONSTANT.matcher(text).matches()) {
      throw new IllegalArgumentException("not the name of a constant");
    }
    return text;
  }

  private static final class Reading extends PropertyEditorSupport {
    private final Function<String, ?> parse;

    Reading(Function<String, ?> parse) {
      this.parse = parse;
    }

    @Override
    public void setAsText(String text) {
      setValue(parse.apply(text));
    }
  }
}
