package io.kontor.web.openapi;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.HttpStatus;

/**
 * The answers of a call that can't be read from its signature. What every call may answer (400, 401
 * and so on) is not named here.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Answers {
  /** The status of success. */
  HttpStatus value() default HttpStatus.OK;

  /** Whether a success carries {@code Location}. */
  boolean location() default false;

  /** Whether a success carries {@code Kontor-Position}; commands always do. */
  boolean position() default false;

  /** Whether a success is a document with a file name, in {@code Content-Disposition}. */
  boolean document() default false;

  /** The body of a success, where the return type does not say it. */
  Class<?> body() default Void.class;

  /** The body of the 200 that a caller with {@code Prefer: wait} may get instead. */
  Class<?> outcome() default Void.class;

  /** Whether something that the body or a parameter names may not exist (404). */
  boolean mayBeUnknown() default false;

  /** The slugs of the problems with status 409. */
  String[] conflicts() default {};

  /** The slugs of the problems with status 429, besides {@code rate-limited}. */
  String[] limits() default {};

  /** The slugs of the problems with status 422. */
  String[] rejections() default {};
}
