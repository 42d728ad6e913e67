/**
 * The servers for tests, and an HTTP client for them. Servers are containers if they are enabled
 * and an engine is available, else embedded or those that the environment names. For tests only.
 */
@NullMarked
package io.kontor.testsupport;

import org.jspecify.annotations.NullMarked;
