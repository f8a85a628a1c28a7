// The page of the REST dialects: shows the document and asks with the token that the GraphiQL page keeps, when there is one.
'use strict';

(() => {
  const token = sessionStorage.getItem('deskgraph-token');
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
