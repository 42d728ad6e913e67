/**
 * Personal data that can be forgotten: sealed with a key per data subject, readable for as long as
 * that key exists. It knows no account and no customer, only subjects by name.
 */
@NullMarked
package io.kontor.personal;

import org.jspecify.annotations.NullMarked;
