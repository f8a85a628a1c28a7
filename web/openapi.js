// The page of the REST dialects: shows the document and asks with the token that the GraphiQL page keeps, or that
// a link brings behind its #, when there is one.
'use strict';

(() => {
  const KEY = 'deskgraph-token';
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname + location.search);
  }
  const token = sessionStorage.getItem(KEY);
  const subject = (jwt) => {
    try {
      return JSON.parse(atob(jwt.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))).sub ?? '';
    } catch {
      return '';
    }
  };
  const ui = SwaggerUIBundle({
    dom_id: '#openapi',
    url: new URL('openapi.json', document.baseURI).href,
    deepLinking: true,
    // No badge of a validator on another machine.
    validatorUrl: null,
    onComplete: () => {
      if (!token) return;
      ui.preauthorizeApiKey('bearer', token);
      ui.preauthorizeApiKey('dixa', token);
      ui.preauthorizeApiKey('rocketChatToken', token);
      ui.preauthorizeApiKey('rocketChatUser', subject(token));
    },
  });
})();
